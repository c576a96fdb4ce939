// The releases of Trivy and Hadolint as their pages hand them out: the real programs.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { lab } from "./engines.ts";

export const TRIVY =
  "/aquasecurity/trivy/releases/download/v0.73.0/trivy_0.73.0_Linux-64bit.tar.gz";
export const HADOLINT = "/hadolint/hadolint/releases/download/v2.15.1/hadolint-linux-x86_64";

/** Both releases, to be handed out. */
export interface Release extends AsyncDisposable {
  /** Hands out both files, after a redirect as GitHub's. */
  readonly whole: RequestListener;
  /** The same, but for Trivy's file. */
  withTrivy(answer: RequestListener): RequestListener;
  /** Inputs that name no tool by its path: Hadolint is the pinned one, Trivy the one in our archive. */
  inputs(mirror: string): Readonly<Record<string, string>>;
}

/** Packs Trivy. Disposing of it removes the archive. */
export async function packRelease(): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-releases-"));
  const archive = join(folder, "trivy.tar.gz");
  const args = ["-I", "gzip -1", "-cf", archive, "-C", dirname(lab.tools.trivy), "trivy"];
  await promisify(execFile)("tar", args);
  const hash = createHash("sha256").update(await readFile(archive));
  const sha256 = hash.digest("hex");
  const whole: RequestListener = (request, response) => {
    if (request.url === TRIVY) response.writeHead(302, { location: "/objects/trivy" }).end();
    else if (request.url === "/objects/trivy") createReadStream(archive).pipe(response);
    else if (request.url === HADOLINT) createReadStream(lab.tools.hadolint).pipe(response);
    else response.writeHead(404).end();
  };
  return {
    whole,
    withTrivy: (answer) => (request, response) =>
      request.url === TRIVY ? answer(request, response) : whole(request, response),
    inputs: (mirror) => ({
      "trivy-path": "",
      "hadolint-path": "",
      "tool-mirror": mirror,
      "trivy-version": "0.73.0",
      "trivy-sha256": sha256,
    }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
