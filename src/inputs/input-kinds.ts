// What sort of value each input takes, and which of them a configuration file may set. Typed by the
// table from action.yml, so that an input added there does not compile until it has a place here.
import { INPUT_TABLE, type OUTPUT_TABLE } from "./input-table.ts";

/** The name of an input, as in action.yml. */
export type InputName = (typeof INPUT_TABLE)[number]["name"];

/** The name of an output, as in action.yml. */
export type OutputName = (typeof OUTPUT_TABLE)[number]["name"];

/** Every input, in the order of action.yml. */
export const INPUT_NAMES: readonly InputName[] = INPUT_TABLE.map((input) => input.name);

/** What the action or the command line was given, by input; '' and absent are the same. */
export type RawInputs = Readonly<Record<string, string>>;

/** `words` are separated by lines or commas, `lines` by lines alone. */
export type InputKind = "flag" | "text" | "path" | "words" | "lines" | "yaml";

/** How the text of each input is read. */
export const INPUT_KINDS: Readonly<Record<InputName, InputKind>> = {
  file: "words",
  context: "path",
  targets: "words",
  "build-args": "lines",
  "build-contexts": "lines",
  secrets: "lines",
  "secret-envs": "words",
  "secret-files": "lines",
  ssh: "words",
  platform: "text",
  builder: "text",
  cache: "text",
  "buildkit-image": "text",
  "cache-from": "lines",
  "cache-to": "lines",
  matrix: "yaml",
  "no-cache": "flag",
  pull: "flag",
  "allow-untrusted-checkout": "flag",
  goals: "yaml",
  config: "path",
  "dive-config": "path",
  lint: "flag",
  "hadolint-config": "path",
  "fail-on-lint": "text",
  scanners: "words",
  severity: "words",
  "ignore-unfixed": "flag",
  "trivy-ignore-file": "path",
  "trivy-version": "text",
  "trivy-sha256": "text",
  "trivy-path": "path",
  "hadolint-version": "text",
  "hadolint-sha256": "text",
  "hadolint-path": "path",
  "tool-mirror": "text",
  "trivy-db-repository": "words",
  "trivy-java-db-repository": "words",
  name: "text",
  comment: "text",
  "upload-sarif": "text",
  summary: "flag",
  fail: "flag",
  "on-unknown": "text",
  "layer-limits": "yaml",
  token: "text",
  state: "path",
};

/**
 * Inputs that a configuration file may not set, and why. Whoever can change a file of the
 * repository must not thereby run a program outside the build, read the machine's files and
 * variables into it, or write where the workflow did not say.
 */
export const NOT_IN_CONFIG: Readonly<Partial<Record<InputName, string>>> = {
  config: "a configuration file cannot name another",
  secrets: "secrets do not belong in a repository",
  "secret-envs": "it would open the job's variables to the repository",
  "secret-files": "it would open the machine's files to the repository",
  ssh: "it would open the machine's keys to the repository",
  builder: "builders belong to the machine",
  "allow-untrusted-checkout": "strangers would allow themselves in",
  cache: "caches belong to the machine that builds",
  "buildkit-image": "builders belong to the machine",
  "cache-from": "caches belong to the machine that builds",
  "cache-to": "caches belong to the machine that builds",
  matrix: "it belongs to the job",
  "trivy-version": "programs belong to the machine",
  "trivy-sha256": "programs belong to the machine",
  "trivy-path": "programs belong to the machine",
  "hadolint-version": "programs belong to the machine",
  "hadolint-sha256": "programs belong to the machine",
  "hadolint-path": "programs belong to the machine",
  "tool-mirror": "where programs come from belongs to the machine",
  "trivy-db-repository": "where the database comes from belongs to the machine",
  "trivy-java-db-repository": "where the database comes from belongs to the machine",
  "layer-limits": "limits protect the machine",
  token: "a token does not belong in a repository",
  state: "folders outside the repository belong to the machine",
};
