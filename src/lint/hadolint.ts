import { clipMiddle } from "../clip.ts";
import { ToolError, UserError } from "../errors.ts";
import type { ExecResult, Host } from "../host/host.ts";
import { HADOLINT_CONFIGS } from "../inputs/hadolint-config.ts";
import type { Checked, Finding } from "../model/finding.ts";
import type { LintInputs } from "../model/inputs.ts";
import { toolEnvironment } from "../tools/environment.ts";
import { howItEnded } from "../tools/failure.ts";
import type { FoundTool, Tool } from "../tools/find-tool.ts";
import { isUnreadable, parseHadolintReport } from "./hadolint-report.ts";

/** The inputs that name its configuration file. */
export type ConfigInputs = Pick<LintInputs, "hadolintConfig" | "hadolintConfigPlace">;

/** What running Hadolint needs of a host. */
export type HadolintHost = Pick<Host, "exec" | "files" | "env" | "workspace">;

/** Hadolint needs seconds; a Dockerfile that keeps it busy for longer is out to do so. */
const TIMEOUT_SECONDS = 300;

/**
 * Lints Dockerfiles, all in one run of Hadolint, steered by nothing but a configuration file of the
 * repository or the one that the inputs name.
 * @param dockerfiles paths relative to the workspace
 * @returns what it says of each Dockerfile, by its path
 * @throws UserError when the configuration file is not there or broken
 */
export async function runHadolint(
  host: HadolintHost,
  hadolint: FoundTool,
  dockerfiles: readonly string[],
  inputs: ConfigInputs,
): Promise<ReadonlyMap<string, Checked<Finding>>> {
  const config = await findConfig(host, inputs);
  if (dockerfiles.length === 0) return new Map();
  try {
    const findings = await lint(host, hadolint, dockerfiles, config);
    return ofEach(dockerfiles, (dockerfile) => {
      const found = findings.get(argumentOf(dockerfile)) ?? [];
      const notes = [
        ...(config?.note === undefined ? [] : [config.note]),
        ...found.filter(isUnreadable).map((finding) => unreadableNote(dockerfile, finding)),
      ];
      return { kind: "checked", findings: found, ...(notes.length > 0 && { notes }) };
    });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const reason = error.message;
    return ofEach(dockerfiles, () => ({ kind: "unavailable", tool: "hadolint", reason }));
  }
}

function unreadableNote(dockerfile: string, { line }: Finding): string {
  return `Hadolint could not read ${dockerfile} further than line ${line ?? 1}, and linted nothing else of it.`;
}

/**
 * Makes sure, before anything is built, that a configuration file can be read.
 * @param hadolint asked for only where there is a configuration file
 * @throws UserError when it is not there or broken
 */
export async function checkHadolintConfig(
  host: HadolintHost,
  hadolint: () => Promise<Tool>,
  inputs: ConfigInputs & Pick<LintInputs, "lint">,
): Promise<void> {
  const config = inputs.lint ? await findConfig(host, inputs) : undefined;
  if (config === undefined) return;
  const tool = await hadolint();
  if (tool.kind !== "found") return;
  try {
    await runProgram(host, tool, { config, input: "FROM scratch\n" });
  } catch (error) {
    // That Hadolint does not work is told once, where it lints.
    if (!(error instanceof ToolError)) throw error;
  }
}

/** A configuration file, and what to tell of it. */
interface Config {
  /** As it was given or found, relative to the workspace. */
  readonly path: string;
  /** Where a person has to look for it. */
  readonly where: string;
  readonly note?: string;
}

async function findConfig(
  host: HadolintHost,
  { hadolintConfig, hadolintConfigPlace: where = "input hadolint-config" }: ConfigInputs,
): Promise<Config | undefined> {
  if (hadolintConfig !== undefined) {
    if (await isFile(host, hadolintConfig)) return { path: hadolintConfig, where };
    const what = `${JSON.stringify(hadolintConfig)} is not a file; give the path of a Hadolint configuration, relative to the workspace`;
    throw new UserError([{ where, what }]);
  }
  for (const path of HADOLINT_CONFIGS) {
    if (await isFile(host, path)) {
      return { path, where: path, note: `Hadolint is configured by the repository's ${path}.` };
    }
  }
  return undefined;
}

async function isFile(host: Pick<Host, "files">, path: string): Promise<boolean> {
  return (await host.files.stat(path))?.kind === "file";
}

/** Findings by the path that Hadolint was given. */
async function lint(
  host: HadolintHost,
  hadolint: FoundTool,
  dockerfiles: readonly string[],
  config: Config | undefined,
): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const files = [...new Set(dockerfiles.map(argumentOf))];
  const result = await runProgram(host, hadolint, { config, files });
  const name = `hadolint ${hadolint.version}`;
  if (result.exitCode === 0) return onlyOf(files, parseHadolintReport(name, result.stdout), name);
  // What follows the first line is where in Hadolint's own source it gave up.
  const [firstLine = ""] = result.stderr.trim().split("\n");
  throw new ToolError(`${name} ${howItEnded(result, firstLine)}`, { command: hadolint.path });
}

/** What is said of another file would be lost, and its Dockerfile pass for one without a fault. */
function onlyOf(
  files: readonly string[],
  findings: ReadonlyMap<string, readonly Finding[]>,
  name: string,
): ReadonlyMap<string, readonly Finding[]> {
  const other = [...findings.keys()].find((file) => !files.includes(file));
  if (other === undefined) return findings;
  const what = `${name} wrote of ${JSON.stringify(clipMiddle(other, 100))}, which it was not asked about`;
  throw new ToolError(what, { command: "hadolint" });
}

interface ProgramRun {
  readonly config: Config | undefined;
  readonly files?: readonly string[];
  /** A Dockerfile's text, in place of files. */
  readonly input?: string;
}

async function runProgram(
  host: HadolintHost,
  hadolint: FoundTool,
  { config, files = ["-"], input }: ProgramRun,
): Promise<ExecResult> {
  // Hadolint also looks for a configuration at home.
  await using home = await host.files.temporaryFolder("hadolint");
  const configured = config === undefined ? [] : [`--config=${config.path}`];
  const args = ["--format=json", "--no-fail", ...configured, ...files];
  const result = await host.exec(hadolint.path, args, {
    cwd: host.workspace,
    env: toolEnvironment(host.env, { HOME: home.path, XDG_CONFIG_HOME: home.path }),
    timeoutSeconds: TIMEOUT_SECONDS,
    ...(input !== undefined && { input }),
  });
  if (config !== undefined) refuseBrokenConfig(result, config);
  return result;
}

/** A path that no program takes for an option, whatever the Dockerfile is called. */
function argumentOf(dockerfile: string): string {
  return `./${dockerfile}`;
}

/**
 * Hadolint drops a configuration that it cannot read, says so on standard error, and goes on as if
 * there were none: https://github.com/hadolint/hadolint/issues/816
 */
function refuseBrokenConfig({ stderr }: ExecResult, config: Config): void {
  const start = stderr.indexOf("Error parsing your config file");
  if (start === -1) return;
  const problem = whatIsWrong(stderr.slice(start));
  const what = `${JSON.stringify(config.path)} is not a configuration that Hadolint can read: ${problem}; see https://github.com/hadolint/hadolint#configure`;
  throw new UserError([{ where: config.where, what }]);
}

/** A text as Haskell shows it: an explanation that is always the same, a blank line, what is wrong. */
function whatIsWrong(shown: string): string {
  const last = shown.split("\\n\\n").at(-1) ?? "";
  const problem = last
    .replace(/(?:\\n)*"?\s*$/, "")
    .replaceAll("'\\n'", "end of a line")
    .replaceAll("\\n", " ")
    .replaceAll('\\"', '"');
  const [, line, key] = /^Duplicate key .*posLine = (\d+),.*"(.*)"/.exec(problem) ?? [];
  return key === undefined ? problem : `the key "${key}" is there again in line ${line}`;
}

function ofEach(
  dockerfiles: readonly string[],
  check: (dockerfile: string) => Checked<Finding>,
): ReadonlyMap<string, Checked<Finding>> {
  return new Map(dockerfiles.map((dockerfile) => [dockerfile, check(dockerfile)]));
}
