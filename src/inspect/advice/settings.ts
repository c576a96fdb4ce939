// What instructions set for the commands after them, set by the commands themselves.

/** A value that a shell takes as a Dockerfile does. */
const VALUE = String.raw`[\w@%+=:,./-]+|"[\w @%+=:,./-]*"`;
/** What is added to the folders of programs. */
const PATH_VALUE = String.raw`"?(?:[\w@%+=,./-]+:)*(?:\$PATH|\$\{PATH\})(?::[\w@%+=,./-]+)*"?`;
const PAIR = new RegExp(`^(?:(PATH)=(${PATH_VALUE})|([A-Za-z]\\w*)=(${VALUE}))(?:\\s+|$)`);

/** What a shell has a meaning of its own for, or does not let anybody change. */
const OF_SHELLS =
  /^(?:BASH\w*|COMP_\w+|DIRSTACK|ENV|E?UID|FUNC\w+|GLOBIGNORE|GROUPS|IFS|LINENO|MAIL\w*|OLDPWD|OPT\w+|POSIXLY_CORRECT|PPID|PS\d|PWD|RANDOM|SECONDS|SHELL\w*|SHLVL)$/;

/**
 * What has a shell set for the commands behind it what an instruction sets; undefined where that is not
 * exactly the same: an `ARG` gets its value from outside.
 */
export function exportsOf(instruction: string): readonly string[] | undefined {
  const [, given] = /^ENV\s+(.*)$/is.exec(instruction.trim()) ?? [];
  let rest = given ?? "";
  const found: string[] = [];
  const names = new Set<string>();
  while (rest !== "") {
    const [pair, path, added = "", name = "", value = ""] = PAIR.exec(rest) ?? [];
    const isPath = path !== undefined;
    const key = isPath ? "PATH" : name;
    // All of an instruction has the values from before it.
    if (pair === undefined || OF_SHELLS.test(name) || names.has(key)) return undefined;
    names.add(key);
    found.push(isPath ? `export PATH="${added.replaceAll('"', "")}"` : `export ${name}=${value}`);
    rest = rest.slice(pair.length);
  }
  return found.length === 0 ? undefined : found;
}
