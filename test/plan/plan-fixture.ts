import type { BuildInputs } from "../../src/model/inputs.ts";
import type { PlannedImage } from "../../src/model/plan.ts";
import { planBuilds } from "../../src/plan/plan.ts";
import type { DockerfileHost } from "../../src/plan/read-image.ts";

/** Inputs for the build room that ask for nothing. */
export const plainBuild: BuildInputs = {
  buildArgs: {},
  buildContexts: {},
  secrets: [],
  ssh: [],
  cacheFrom: [],
  cacheTo: [],
  noCache: false,
  pull: false,
};

/**
 * The plan of one Dockerfile of the workspace, every stage wanted.
 * @throws Error when something is wrong with it
 */
export async function planFixture(host: DockerfileHost, file: string): Promise<PlannedImage> {
  const images = [{ name: "app", file, context: ".", where: "input file" }];
  const inputs = { images, targets: [], build: plainBuild };
  const { plan, problems } = await planBuilds(host, inputs, { platform: "linux/amd64" });
  const [image] = plan.images;
  if (image === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return image;
}
