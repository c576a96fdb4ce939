import type { Problem } from "../errors.ts";
import type { StageName } from "../inputs/stage-pattern.ts";
import { quoted } from "../inputs/wording.ts";
import type { Inputs } from "../model/inputs.ts";
import type { Plan, PlannedImage, Stage, StageDecision } from "../model/plan.ts";
import { addressStages } from "./generated-dockerfile.ts";
import type { ResolvedStage } from "./graph.ts";
import { formatPlatform, type Platform, parsePlatform } from "./platform.ts";
import { type DockerfileHost, type ReadImage, readImage } from "./read-image.ts";
import { emptySelection, type ReplacedStage } from "./replaced-stages.ts";
import { isWanted, targetProblems } from "./targets.ts";

/** What is going to be built, or why nothing can be. */
export interface PlanResult {
  /** Of the Dockerfiles that could be read. */
  readonly plan: Plan;
  /** With any of these, nothing is to be built. */
  readonly problems: readonly Problem[];
  /** One sentence each. */
  readonly notes: readonly string[];
  /** Stages that are wanted and not built, as a build context stands in for them. */
  readonly replaced: readonly ReplacedStage[];
}

/** What the plan needs of the inputs. */
export type PlanInputs = Pick<Inputs, "images" | "targets" | "build">;

/** What a plan depends on besides the inputs. */
export interface PlanSettings {
  /** That of the builder: `os/arch[/variant]`. */
  readonly platform: string;
  /** What `targets` is called where it was given. Default: `input targets`. */
  readonly targetsPlace?: string;
  /** What `build-contexts` is called where it was given. Default: `input build-contexts`. */
  readonly contextsPlace?: string;
}

/** Reads all Dockerfiles and decides which stages are built, and how each is addressed. */
export async function planBuilds(
  host: DockerfileHost,
  inputs: PlanInputs,
  settings: PlanSettings,
): Promise<PlanResult> {
  const { targetsPlace = "input targets", contextsPlace } = settings;
  const { target, machine, problems } = platformsOf(inputs.build.platform, settings.platform);
  const { buildArgs, buildContexts } = inputs.build;
  const graph = { buildArgs, buildContexts, target, machine };
  const results = await Promise.all(inputs.images.map((input) => readImage(host, input, graph)));
  const images = results.flatMap((result) => (result.kind === "read" ? [result.image] : []));
  const unread = results.flatMap((result) => (result.kind === "read" ? [] : [result.name]));
  const stages = images.flatMap((image) => image.stages.map((stage) => namedStage(image, stage)));
  const { targets } = inputs;
  const replaced = images.flatMap((image) => replacedStages(image, targets));
  const wanted = stages.filter((stage) => isWanted(stage, targets));
  return {
    plan: { images: images.map((image) => planImage(image, targets)) },
    problems: [
      ...problems,
      ...results.flatMap((read) => (read.kind === "read" ? read.image.problems : [read.problem])),
      ...targetProblems(stages, targets, { where: targetsPlace, unread }),
      ...(unread.length > 0 ? [] : emptySelection(wanted, replaced, contextsPlace)),
    ],
    notes: replaced.map(
      ({ name, file, context }) =>
        `The stage ${quoted(name)} of ${file} is not built: the build context ${quoted(context)} replaces it.`,
    ),
    replaced,
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

function planImage(image: ReadImage, patterns: readonly string[]): PlannedImage {
  const { input, text, frontend, stages } = image;
  const skips = stages.map((stage) => skipReason(image, stage, patterns));
  const wanted = new Set(skips.keys().filter((index) => skips[index] === undefined));
  const { targets, generatedText } = addressStages(text, stages, wanted);
  return {
    name: input.name,
    dockerfile: input.file,
    context: input.context,
    text,
    ...(generatedText === undefined ? {} : { generatedText }),
    ...(frontend === undefined ? {} : { frontend }),
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
  patterns: readonly string[],
): string | undefined {
  if (!isWanted(namedStage(image, stage), patterns)) return "targets leaves it out";
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

function replacedStages(image: ReadImage, patterns: readonly string[]): readonly ReplacedStage[] {
  return image.stages.flatMap((stage) => {
    const named = namedStage(image, stage);
    if (stage.replacedBy === undefined || !isWanted(named, patterns)) return [];
    return [{ ...named, file: image.input.file, context: stage.replacedBy }];
  });
}
