import { type Problem, UserError } from "../errors.ts";
import { listNearest, quoted, suggestion } from "../inputs/wording.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import { planBuilds } from "./plan.ts";
import type { DockerfileHost } from "./read-image.ts";

/** Which stage of which Dockerfile an image is said to have been built from. */
export interface StageRequest {
  /** Path of the Dockerfile. */
  readonly file: string;
  /** Default: the last one, which is what is built where nothing else is asked for. */
  readonly stage?: string;
  /** That of the image. */
  readonly platform: string;
}

/** A stage, and the Dockerfile that it belongs to. */
export interface PlannedStage {
  readonly image: PlannedImage;
  readonly stage: Stage;
}

/**
 * Reads a Dockerfile for one of its stages; nothing is going to be built.
 * @throws UserError when it cannot be read, or has no such stage
 */
export async function planStage(
  host: DockerfileHost,
  { file, stage: name, platform }: StageRequest,
): Promise<PlannedStage> {
  const images = [{ name: file, file, context: ".", where: "--file" }];
  const build = {
    buildArgs: {},
    buildContexts: {},
    secrets: [],
    ssh: [],
    cacheFrom: [],
    cacheTo: [],
    noCache: false,
    pull: false,
  };
  const { plan, problems } = await planBuilds(host, { images, targets: [], build }, { platform });
  const [image] = plan.images;
  if (problems.length > 0) throw new UserError(problems);
  const stage = image === undefined ? undefined : findStage(image.stages, name);
  if (image === undefined || stage === undefined) throw noSuchStage(image, file, name);
  return { image, stage };
}

/** Names are the same in capitals or not; of two, the last one counts, as for `--target`. */
function findStage(stages: readonly Stage[], name: string | undefined): Stage | undefined {
  if (name === undefined) return stages.at(-1);
  return stages.findLast((stage) => stage.name.toLowerCase() === name.toLowerCase());
}

function noSuchStage(image: PlannedImage | undefined, file: string, name = ""): UserError {
  const names = (image?.stages ?? []).map((stage) => stage.name);
  const allowed = names.length > 0 ? `; it has ${listNearest(name, names)}` : "";
  const what = `${quoted(file)} has no stage ${quoted(name)}${allowed}${suggestion(name, names)}`;
  const problem: Problem = { where: "--stage", what };
  return new UserError([problem]);
}
