// Hadolint's configuration file, as far as it can be judged without Hadolint: so that what is wrong with
// it is told with all else, before anything is built. What else it says only Hadolint can judge.
import type { Host } from "../host/host.ts";
import type { ProblemList } from "./parsed.ts";
import { findInWorkspace, pathProblem } from "./workspace-paths.ts";
import { describe, MOST_CHARACTERS, readYaml } from "./yaml-text.ts";

type ConfigHost = Pick<Host, "kind" | "files" | "workspace">;

/** Hadolint looks for these where none is named, in this order. */
export const HADOLINT_CONFIGS = [".hadolint.yaml", ".hadolint.yml"] as const;

/**
 * Checks the repository's own, where there is one. One that cannot be read would be done without, and
 * another one used in its place; and no link in the repository may lead to what the machine has.
 */
export async function checkOwnConfig(host: ConfigHost, problems: ProblemList): Promise<void> {
  for (const path of HADOLINT_CONFIGS) {
    const found = await findInWorkspace(host, path);
    const isOutside = found.kind === "outside";
    // On a laptop it is whose link it is that leads there.
    if (found.kind === "file" || (isOutside && host.kind === "local")) {
      return await checkHadolintYaml(host, path, problems);
    }
    if (found.kind !== "missing") problems.add(path, pathProblem(path, found, "file"));
  }
}

/**
 * Checks that it is a YAML map: Hadolint takes nothing that is not. One that is too long, or cannot be
 * read, is left to Hadolint.
 */
export async function checkHadolintYaml(
  { files }: Pick<Host, "files">,
  path: string,
  problems: ProblemList,
): Promise<void> {
  const status = await files.stat(path).catch(() => undefined);
  if (status === undefined || status.bytes > MOST_CHARACTERS) return;
  const text = await files.readText(path).catch(() => undefined);
  if (text === undefined) return;
  const yaml = readYaml(text, (line) => `${path}:${line}`, problems);
  if (yaml === undefined || describe(yaml.root) === "a map") return;
  const what = `holds ${describe(yaml.root)}; Hadolint takes a map of \`key: value\` lines`;
  problems.add(yaml.where(yaml.root, `${path}:1`), what);
}
