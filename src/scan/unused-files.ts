import { resolve } from "node:path";
import type { Host } from "../host/host.ts";

/** Files by which Trivy, left alone, would let a repository steer how it is scanned. */
const FILES: readonly { readonly name: string; readonly advice: string }[] = [
  { name: ".trivyignore", advice: "name it in trivy-ignore-file to use it" },
  { name: ".trivyignore.yaml", advice: "name it in trivy-ignore-file to use it" },
  { name: "trivy.yaml", advice: "only the inputs steer Trivy" },
  { name: "trivy-secret.yaml", advice: "only the inputs steer Trivy" },
];

/** A sentence for each file that is there and has no say. */
export async function unusedFiles(
  host: Pick<Host, "files" | "workspace">,
  ignoreFile: string | undefined,
): Promise<readonly string[]> {
  const used = ignoreFile === undefined ? undefined : resolve(host.workspace, ignoreFile);
  const sentences: string[] = [];
  for (const { name, advice } of FILES) {
    const path = resolve(host.workspace, name);
    if (path !== used && (await host.files.stat(path))?.kind === "file") {
      sentences.push(`The repository's ${name} was not used: ${advice}.`);
    }
  }
  return sentences;
}
