import { join } from "node:path";
import type { Host } from "../host/host.ts";
import type { Plan, PlannedImage } from "../model/plan.ts";

/** Where the Dockerfile that is built for each image lies. */
export interface DockerfilePaths extends AsyncDisposable {
  /** Absolute path. */
  pathOf(image: PlannedImage): string;
}

/**
 * Writes the generated Dockerfiles into a temporary folder, each with the `.dockerignore` that its
 * original has beside it. The others are built where they are.
 */
export async function writeDockerfiles(
  host: Pick<Host, "files" | "workspace">,
  plan: Plan,
): Promise<DockerfilePaths> {
  const folder = await host.files.temporaryFolder("dockerfiles");
  const paths = new Map<PlannedImage, string>();
  for (const [index, image] of plan.images.entries()) {
    const original = join(host.workspace, image.dockerfile);
    const generated = join(folder.path, String(index), "Dockerfile");
    paths.set(image, image.generatedText === undefined ? original : generated);
    if (image.generatedText === undefined) continue;
    await host.files.writeText(generated, image.generatedText);
    const ignore = `${original}.dockerignore`;
    if ((await host.files.stat(ignore))?.kind !== "file") continue;
    await host.files.writeText(`${generated}.dockerignore`, await host.files.readText(ignore));
  }
  return {
    pathOf(image) {
      const path = paths.get(image);
      if (path === undefined) throw new Error(`no such image in the plan: ${image.name}`);
      return path;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
