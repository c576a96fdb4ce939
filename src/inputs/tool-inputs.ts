// Which Trivy and which Hadolint is run.
import { resolve } from "node:path";
import type { Host } from "../host/host.ts";
import type { ToolInput, ToolInputs } from "../model/inputs.ts";
import { isCompromisedVersion } from "../tools/compromised.ts";
import { PINNED_RELEASES } from "../tools/pinned.ts";
import type { ToolName } from "../tools/releases.ts";
import {
  credentialsProblem,
  mayHoldCredentials,
  mayHoldSecret,
  placeProblem,
} from "./credentials.ts";
import type { InputReader } from "./input-reader.ts";
import { ok, type Parsed, problem } from "./parsed.ts";
import { quoted } from "./wording.ts";

type ToolInputsHost = Pick<Host, "files" | "workspace">;

/** Reads the inputs that name programs. */
export async function readToolInputs(
  host: ToolInputsHost,
  reader: InputReader,
): Promise<ToolInputs> {
  const mirror = reader.value("tool-mirror", parseMirror);
  return {
    trivy: await readTool(host, reader, "trivy"),
    hadolint: await readTool(host, reader, "hadolint"),
    ...(mirror !== undefined && { mirror }),
  };
}

async function readTool(
  host: ToolInputsHost,
  reader: InputReader,
  name: ToolName,
): Promise<ToolInput> {
  const version = reader.value(`${name}-version`, (text) => parseVersion(name, text));
  const sha256 = reader.value(`${name}-sha256`, parseSha256);
  if (reader.has(`${name}-path`)) return readProgram(host, reader, name, sha256);
  if (version !== undefined && sha256 !== undefined) return { kind: "release", version, sha256 };
  if (version !== undefined && !reader.has(`${name}-sha256`)) addUnpinned(reader, name, version);
  if (sha256 !== undefined && !reader.has(`${name}-version`)) {
    const [version, path] = [`${name}-version`, `${name}-path`] as const;
    const what = `it is the hash of nothing; say of what by ${reader.called(version)} or ${reader.called(path)}`;
    reader.problems.add(reader.where(`${name}-sha256`), what);
  }
  return { kind: "pinned" };
}

/** The version that is pinned anyway needs no hash. */
function addUnpinned(reader: InputReader, name: ToolName, version: string): void {
  const { version: pinned } = PINNED_RELEASES[name];
  if (version === pinned) return;
  const what = `${quoted(version)} is not the pinned ${pinned}, so ${reader.called(`${name}-sha256`)} must say the SHA-256 of its release file for this machine`;
  reader.problems.add(reader.where(`${name}-version`), what);
}

/** A path of a program is made absolute; a bare name is looked for on the PATH. */
async function readProgram(
  host: ToolInputsHost,
  reader: InputReader,
  name: ToolName,
  sha256: string | undefined,
): Promise<ToolInput> {
  if (reader.has(`${name}-version`)) {
    const what = `it says which release to fetch, and ${reader.called(`${name}-path`)} to fetch none; allowed is one of the two`;
    reader.problems.add(reader.where(`${name}-version`), what);
  }
  const said = reader.line(`${name}-path`);
  if (said === undefined) return { kind: "pinned" };
  const hash = sha256 === undefined ? {} : { sha256 };
  if (!said.text.includes("/")) return { kind: "path", path: said.text, ...hash };
  const path = resolve(host.workspace, said.text);
  const stat = await host.files.stat(path).catch(() => undefined);
  if (stat?.kind === "file") return { kind: "path", path, ...hash };
  reader.problems.add(said.where, `there is no program ${quoted(said.text)}`);
  return { kind: "pinned" };
}

/** A released version: what is not one has no files that could be named. */
function parseVersion(name: ToolName, text: string): Parsed<string> {
  const version = /^v?(\d+\.\d+\.\d+)$/.exec(text)?.[1];
  const { version: pinned } = PINNED_RELEASES[name];
  if (version === undefined) {
    return problem(`${quoted(text)} is not a version; it has three numbers, such as ${pinned}`);
  }
  if (isCompromisedVersion(name, version)) {
    return problem(`${name} ${version} is a release that carried malware; take another one`);
  }
  return ok(version);
}

function parseSha256(text: string): Parsed<string> {
  const digits = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text)?.[1];
  if (digits !== undefined) return ok(digits.toLowerCase());
  return problem(`${quoted(text)} is not a SHA-256; it has 64 hexadecimal digits`);
}

/** What it hands out is hashed, so that it need not be HTTPS. */
function parseMirror(text: string): Parsed<string> {
  const form = "it is http:// or https://, a host and a path where need be";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  if (mayHoldSecret(text) && !mayHoldCredentials(text)) {
    return problem(`it has a query; ${form}`);
  }
  if (url === undefined || !isWeb || url.search !== "" || url.hash !== "") {
    return placeProblem(text, `is not the address of a mirror; ${form}`);
  }
  if (url.username !== "" || url.password !== "") {
    return credentialsProblem();
  }
  return ok(url.href.replace(/\/+$/, ""));
}
