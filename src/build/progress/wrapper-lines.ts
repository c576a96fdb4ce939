// What make, npm and their like say below the error of a program that they called: that something
// failed, and not what.

/** By the program that says it. */
const WRAPPERS: Readonly<Record<string, readonly RegExp[]>> = {
  make: [
    /^g?make(?:\[\d+\])?: \*\*\* .*\bError \d+(?: \(ignored\))?$/,
    /^g?make(?:\[\d+\])?: (?:Leaving directory |Target .* not remade because of errors)/,
    /^\S*makefile:\d+: recipe for target .* failed$/i,
  ],
  npm: [
    /^npm (?:error|ERR!) (?:code (?:ELIFECYCLE|\d+)|errno \d+|Exit status \d+)$/i,
    /^npm (?:error|ERR!) (?:\S+@\S+ [\w:.-]+: `|Failed at the \S+ \S+ script|Lifecycle script `)/i,
    /^npm (?:error|ERR!) (?:This is probably not a problem with npm|command failed$|command (?:sh|bash) -c )/i,
  ],
  yarn: [
    /^error Command failed(?: with (?:exit code|signal) .*)?\.$/,
    /^info Visit https:\/\/yarnpkg\.com\//,
    /^(?:Exit code: \d+|Arguments: .*)$/,
  ],
  pnpm: [
    /^\s*(?:ELIFECYCLE\s|ERR_PNPM_RECURSIVE_\w+\s)/,
    /^.*\bCommand failed with exit code \d+\.?$/,
  ],
  gradle: [
    /^FAILURE: Build (?:failed with an exception|completed with \d+ failures)\.$/,
    /^BUILD FAILED(?: in .*)?$/,
    /^> Task :\S+ FAILED$/,
    /^\* (?:Try|Get more help)\b/,
    /^Execution failed for task '/,
    /^> (?:Compilation failed; see the compiler|Run with --|Get more help at |Process 'command )/,
  ],
  maven: [/^\[INFO\] (?:BUILD FAILURE$|-{10,}|Total time: |Finished at: )/],
  cmake: [/^-- Configuring incomplete, errors occurred!/],
  ninja: [/^FAILED: (?:\[code=\d+\] )?\S/, /^ninja: (?:build stopped|error: rebuilding)/],
  bazel: [
    /^(?:ERROR|FAILED): (?:.*\bBuild did NOT complete successfully|.* failed: \(Exit \d+\))/,
    /^Target \/\/\S+ failed to build$/,
    /^(?:Use --verbose_failures to see|INFO: Elapsed time: |INFO: \d+ process(?:es)?[:.])/,
  ],
  cargo: [
    /^error: (?:could not compile `|aborting due to )/,
    /^(?:Some errors have detailed explanations|For more information about (?:this error|an error), try )/,
    /^(?:warning|error): build failed(?:, waiting for other jobs to finish\.\.\.)?$/,
  ],
  go: [/^exit status \d+$/, /^FAIL(?:\s+\S+(?:\s+(?:[\d.]+s|\[(?:build|setup) failed\]))?)?$/],
  linker: [/^collect2: error: ld returned \d+ exit status$/],
  pip: [
    /^\s*error: subprocess-exited-with-error$/,
    /^error: command '.*' failed with exit (?:code|status) \d+$/,
  ],
};
const PATTERNS = Object.values(WRAPPERS).flat();

/** Whether a line only says that something failed, which said itself why. */
export function isOfWrapper(line: string): boolean {
  return PATTERNS.some((pattern) => pattern.test(line));
}
