// Everything that says how to lint and scan.
import { resolve } from "node:path";
import type { Host } from "../host/host.ts";
import { LINT_LEVELS, SEVERITIES } from "../model/finding.ts";
import type { LintInputs, ScanInputs, Scanner } from "../model/inputs.ts";
import { mayHoldCredentials, placeProblem } from "./credentials.ts";
import { checkHadolintYaml, checkOwnConfig } from "./hadolint-config.ts";
import type { InputName } from "./input-kinds.ts";
import type { InputReader } from "./input-reader.ts";
import { ok, type Parsed } from "./parsed.ts";
import { parseWord, parseWordInAnyCase } from "./values.ts";
import { findInWorkspace, isAllowedOutside, pathProblem } from "./workspace-paths.ts";

type CheckHost = Pick<Host, "kind" | "files" | "workspace">;

/** Reads the inputs of the linters. */
export async function readLintInputs(host: CheckHost, reader: InputReader): Promise<LintInputs> {
  const hadolintConfig = await readFilePath(host, reader, "hadolint-config");
  const lint = reader.flag("lint", true);
  if (lint && hadolintConfig !== undefined) {
    await checkHadolintYaml(host, hadolintConfig, reader.problems);
  }
  if (lint && !reader.has("hadolint-config")) await checkOwnConfig(host, reader.problems);
  return {
    lint,
    ...(hadolintConfig !== undefined && {
      hadolintConfig,
      hadolintConfigPlace: reader.where("hadolint-config"),
    }),
    failOnLint: reader.word("fail-on-lint", [...LINT_LEVELS, "off"], "off"),
  };
}

/** Reads the inputs of the scan. */
export async function readScanInputs(host: CheckHost, reader: InputReader): Promise<ScanInputs> {
  const trivyIgnoreFile = await readFilePath(host, reader, "trivy-ignore-file");
  const severities = reader.values("severity", (text) => parseWordInAnyCase(text, SEVERITIES));
  return {
    scanners: readScanners(reader),
    severity: SEVERITIES.filter((word) => !reader.has("severity") || severities.includes(word)),
    ignoreUnfixed: reader.flag("ignore-unfixed", false),
    ...(trivyIgnoreFile !== undefined && { trivyIgnoreFile }),
    trivyDbRepository: reader.values("trivy-db-repository", parseRepository),
    trivyJavaDbRepository: reader.values("trivy-java-db-repository", parseRepository),
  };
}

const SCANNERS = ["vuln", "secret", "misconfig", "license"] as const satisfies readonly Scanner[];

/** `none` alone switches the scan off. */
function readScanners(reader: InputReader): readonly Scanner[] {
  if (!reader.has("scanners")) return ["vuln", "secret"];
  const words = reader.values("scanners", (text) => parseWord(text, [...SCANNERS, "none"]));
  if (words.includes("none") && words.length > 1) {
    reader.problems.add(
      reader.where("scanners"),
      '"none" is said beside others; allowed is it alone',
    );
  }
  return SCANNERS.filter((scanner) => words.includes(scanner));
}

/** Trivy takes a registry's reference: no scheme, and nothing that reads as an option. */
function parseRepository(text: string): Parsed<string> {
  const isReference = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/.test(text) && !text.includes("://");
  if (isReference && !mayHoldCredentials(text)) return ok(text);
  const form = "it is host/path with a tag or digest where need be, without https://";
  return placeProblem(text, `is not a repository of a registry: ${form}`);
}

/** The path of a file that exists: relative to the workspace, or absolute where it is outside. */
async function readFilePath(
  host: CheckHost,
  reader: InputReader,
  name: InputName,
): Promise<string | undefined> {
  const said = reader.line(name);
  if (said === undefined) return undefined;
  const found = await findInWorkspace(host, said.text);
  if (found.kind === "file") return found.path;
  const isMachines = await isAllowedOutside(host, said.text, found, "file");
  if (isMachines && reader.origin(name) === "workflow") return resolve(host.workspace, said.text);
  reader.problems.add(said.where, pathProblem(said.text, found, "file"));
  return undefined;
}
