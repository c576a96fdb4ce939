import type { Host } from "../host/host.ts";
import { mayHoldSecret } from "./credentials.ts";
import type { Said } from "./given.ts";
import { ok, type Parsed, problem } from "./parsed.ts";
import { parseLine } from "./values.ts";
import { quoted } from "./wording.ts";
import { findInWorkspace, pathProblem } from "./workspace-paths.ts";

/**
 * Folder of a build context, relative to the workspace, with forward slashes. A context that
 * BuildKit would fetch by itself is refused: its Dockerfiles could neither be linted nor annotated.
 */
export async function checkContext(
  host: Pick<Host, "files" | "workspace">,
  { text }: Said,
): Promise<Parsed<string>> {
  const line = parseLine(text);
  if (line.kind === "problem") return line;
  const found = await findInWorkspace(host, text);
  if (found.kind === "folder") return ok(found.path);
  if (isRemote(text)) return problem(`${mayHoldSecret(text) ? "it" : quoted(text)} ${REMOTE}`);
  return problem(pathProblem(text, found, "folder"));
}

const REMOTE =
  "is a context that would be fetched while building; allowed is a folder of the workspace, " +
  "where its Dockerfile is linted and annotated: check the repository out first";

/**
 * What buildx takes for an address or standard input rather than a folder, and the placeholder of
 * docker/build-push-action: https://docs.docker.com/build/concepts/context/#remote-context
 */
function isRemote(text: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/|\{\{)|^-$/i.test(text);
}
