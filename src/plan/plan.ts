import type { Problem } from "../errors.ts";
import type { StageName } from "../inputs/stage-pattern.ts";
import { quoted } from "../inputs/wording.ts";
import type { Inputs, Plan, PlannedImage, Stage, StageDecision } from "../model.ts";
import { addressStages } from "./generated-dockerfile.ts";
import type { ResolvedStage } from "./graph.ts";
import { formatPlatform, type Platform, parsePlatform } from "./platform.ts";
import { type DockerfileHost, type ReadImage, readImage } from "./read-image.ts";
import { type Selection, selectStages } from "./targets.ts";

/** What is going to be built, or why nothing can be. */
export interface PlanResult {
  /** Of the Dockerfiles that could be read. */
  readonly plan: Plan;
  /** With any of these, nothing is to be built. */
  readonly problems: readonly Problem[];
  /** One sentence each. */
  readonly notes: readonly string[];
}

/** What the plan needs of the inputs. */
export type PlanInputs = Pick<Inputs, "images" | "targets" | "build">;

/**
 * Reads all Dockerfiles and decides which stages are built, and how each is addressed.
 * @param defaults `platform` is that of the builder: `os/arch[/variant]`
 */
export async function planBuilds(
  host: DockerfileHost,
  inputs: PlanInputs,
  defaults: { readonly platform: string },
): Promise<PlanResult> {
  const { target, machine, problems } = platformsOf(inputs.build.platform, defaults.platform);
  const { buildArgs, buildContexts } = inputs.build;
  const settings = { buildArgs, buildContexts, target, machine };
  const results = await Promise.all(inputs.images.map((input) => readImage(host, input, settings)));
  const images = results.flatMap((result) => (result.kind === "read" ? [result.image] : []));
  const unread = results.flatMap((result) => (result.kind === "read" ? [] : [result.name]));
  const stages = images.flatMap((image) => image.stages.map((stage) => namedStage(image, stage)));
  const selection = selectStages(stages, inputs.targets, unread);
  return {
    plan: { images: images.map((image) => planImage(image, selection)) },
    problems: [
      ...problems,
      ...results.flatMap((read) => (read.kind === "read" ? read.image.problems : [read.problem])),
      ...selection.problems,
    ],
    notes: images.flatMap((image) => replacementNotes(image, selection)),
  };
}

function platformsOf(asked: string | undefined, builder: string) {
  const linux: Platform = { os: "linux", architecture: "amd64", variant: "" };
  const machine = parsePlatform(builder, linux) ?? linux;
  // `local` is buildx's own word for the builder's platform.
  const isGiven = asked !== undefined && asked !== "local";
  const target = isGiven ? parsePlatform(asked, machine) : machine;
  const what = `${quoted(asked ?? "")} is no platform, such as linux/amd64`;
  const problems: readonly Problem[] =
    target === undefined ? [{ where: "input platform", what }] : [];
  return { machine, target: target ?? machine, problems };
}

function namedStage({ input }: ReadImage, { parsed }: ResolvedStage): StageName {
  return { image: input.name, name: parsed.name ?? String(parsed.index) };
}

function planImage(image: ReadImage, selection: Selection): PlannedImage {
  const { input, text, stages } = image;
  const skips = stages.map((stage) => skipReason(image, stage, selection));
  const wanted = new Set(skips.keys().filter((index) => skips[index] === undefined));
  const { targets, generatedText } = addressStages(text, stages, wanted);
  return {
    name: input.name,
    dockerfile: input.file,
    context: input.context,
    text,
    ...(generatedText === undefined ? {} : { generatedText }),
    stages: stages.map((stage, index) => {
      const reason = skips[index];
      const decision: StageDecision =
        reason === undefined
          ? { kind: "build", target: targets[index] ?? "" }
          : { kind: "skip", reason };
      return planStage(image, stage, decision);
    }),
  };
}

/** Undefined when it is to be built. */
function skipReason(
  image: ReadImage,
  stage: ResolvedStage,
  selection: Selection,
): string | undefined {
  if (!selection.isWanted(namedStage(image, stage))) return "targets leaves it out";
  if (stage.replacedBy === undefined) return undefined;
  return `the build context ${quoted(stage.replacedBy)} replaces it`;
}

function planStage(image: ReadImage, stage: ResolvedStage, decision: StageDecision): Stage {
  const { parsed, base, platform, needs } = stage;
  return {
    ...namedStage(image, stage),
    index: parsed.index,
    line: parsed.instructions[0].lines.start,
    base,
    needs,
    platform: formatPlatform(platform),
    instructions: parsed.instructions.map(({ keyword, lines, text }) => ({ keyword, lines, text })),
    decision,
  };
}

function replacementNotes(image: ReadImage, selection: Selection): readonly string[] {
  return image.stages.flatMap((stage) => {
    const named = namedStage(image, stage);
    if (stage.replacedBy === undefined || !selection.isWanted(named)) return [];
    const context = quoted(stage.replacedBy);
    return `The stage ${quoted(named.name)} of ${image.input.file} is not built: the build context ${context} replaces it.`;
  });
}
