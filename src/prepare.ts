// Everything that can be wrong before anything is built, told in one message: inputs, plan, goals,
// builder and tools.

import { findBuilder } from "./build/builder/builder.ts";
import { type BuilderChoice, chooseBuilder } from "./build/builder/choose-builder.ts";
import { removeDeadBuilders } from "./build/builder/own-builder.ts";
import type { CacheKey } from "./build/cache/cache-places.ts";
import { removeDeadImages } from "./build/delivery/pushed-images.ts";
import { type Problem, UserError } from "./errors.ts";
import type { Host } from "./host/host.ts";
import { addressSecrets, cachePlaceSecrets } from "./inputs/credentials.ts";
import type { PlaceOfInput } from "./inputs/given.ts";
import { goalNotes, goalProblems } from "./inputs/goals-for.ts";
import type { RawInputs } from "./inputs/input-kinds.ts";
import { type GatheredInputs, gatherInputs } from "./inputs/inputs.ts";
import { mayBeStrange, untrustedCheckout } from "./inputs/untrusted-checkout.ts";
import type { BuildSecret, Inputs } from "./model/inputs.ts";
import type { Plan } from "./model/plan.ts";
import { ignoreFileFaults } from "./plan/ignore-file-faults.ts";
import { withIgnoreRules } from "./plan/ignore-rules.ts";
import { planBuilds } from "./plan/plan.ts";
import { replacedGoals } from "./plan/replaced-stages.ts";
import { type FoundTool, findGivenTool } from "./tools/find-tool.ts";
import type { ToolName } from "./tools/releases.ts";

/** What was given, and from where. */
export interface Given {
  readonly raw: RawInputs;
  /** How an input is called where it was given. */
  readonly place?: PlaceOfInput;
  /** Which images are meant cannot be told from it: there is no plan, and `problems` says why. */
  readonly isVague?: boolean;
  /** What is wrong with what else was given. */
  readonly problems?: readonly Problem[];
  /** What the reader of the report should know of it. One sentence each. */
  readonly notes?: readonly string[];
}

/** What is going to be done, without a builder to do it. */
export interface Planned {
  readonly inputs: Inputs;
  readonly plan: Plan;
  /** What the reader of the report should know. One sentence each. */
  readonly notes: readonly string[];
}

/** All that is known before anything is built. */
export interface Prepared extends Planned, Omit<BuilderChoice, "note"> {
  /** Those that the inputs name. */
  readonly tools: ReadonlyMap<ToolName, FoundTool>;
}

type PrepareHost = Pick<
  Host,
  | "kind"
  | "problems"
  | "exec"
  | "files"
  | "env"
  | "workspace"
  | "platform"
  | "mask"
  | "ci"
  | "log"
  | "http"
  | "owner"
  | "signal"
>;

/**
 * Reads the inputs, makes the plan and finds the builder.
 * @throws UserError with everything that is wrong
 */
export async function prepare(host: PrepareHost, given: Given): Promise<Prepared> {
  const read = await gatherGiven(host, given);
  if (!read.hasWorkspace) throw new UserError(read.problems);
  const { inputs } = read;
  const [givenTools, search, untrusted] = await Promise.all([
    findGivenTools(host, inputs, given.place),
    findBuilder(host, inputs.build.builder, given.place?.("builder")),
    untrustedCheckout(host, inputs),
    removeDeadBuilders(host),
    removeDeadImages(host),
  ]);
  const platform = search.kind === "found" ? search.builder.platform : undefined;
  const { planned, problems } = await gatherPlan(host, given, read, platform);
  const wrong = [
    ...problems,
    ...(untrusted === undefined ? [] : [untrusted]),
    ...givenTools.problems,
  ];
  if (search.kind === "problem") throw new UserError([...wrong, search.problem]);
  if (wrong.length > 0) throw new UserError(wrong);
  const request = {
    inputs: inputs.build,
    key: cacheKeyOf(host, inputs, platform),
    plan: planned.plan,
    mayBeStrange: mayBeStrange(host, inputs),
  };
  const { note, ...choice } = await chooseBuilder(host, search.builder, request);
  const notes = [...planned.notes, ...(note === undefined ? [] : [note])];
  return { ...planned, ...choice, notes, tools: givenTools.tools };
}

/** @param platform the builder's own */
function cacheKeyOf(
  { env }: Pick<Host, "env">,
  { publish, targets, build }: Inputs,
  platform: string | undefined,
): CacheKey {
  const builtFor = build.platform ?? platform;
  const repository = env.GITHUB_REPOSITORY;
  return {
    name: publish.name,
    targets,
    ...(builtFor !== undefined && { platform: builtFor }),
    ...(build.matrix !== undefined && { matrix: build.matrix }),
    ...(repository && { repository }),
  };
}

/**
 * Reads the inputs and makes the plan; needs no engine.
 * @throws UserError with everything that is wrong
 */
export async function preparePlan(host: PrepareHost, given: Given): Promise<Planned> {
  const { planned, problems } = await gatherPlan(host, given, await gatherGiven(host, given, true));
  if (problems.length > 0) throw new UserError(problems);
  return planned;
}

async function findGivenTools(
  host: PrepareHost,
  { tools }: Inputs,
  place: PlaceOfInput | undefined,
): Promise<Pick<Prepared, "tools"> & { readonly problems: readonly Problem[] }> {
  const searches = (["trivy", "hadolint"] as const).flatMap((name) => {
    const { [name]: tool } = tools;
    if (tool.kind !== "path") return [];
    const where = place?.(`${name}-path`);
    return [findGivenTool(host, { ...tool, name, ...(where !== undefined && { where }) })];
  });
  const found = await Promise.all(searches);
  return {
    tools: new Map(found.flatMap((tool) => (tool.kind === "found" ? [[tool.name, tool]] : []))),
    problems: found.flatMap((tool) => (tool.kind === "problem" ? [tool.problem] : [])),
  };
}

async function gatherGiven(
  host: PrepareHost,
  { raw, place, isVague = false, problems = [] }: Given,
  isPlanOnly = false,
): Promise<GatheredInputs> {
  const read = await gatherInputs(host, raw, { ...(place && { place }), isPlanOnly, isVague });
  const { secrets, cacheFrom, cacheTo, buildContexts } = read.inputs.build;
  for (const secret of secrets) host.mask(await textOf(host, secret));
  for (const secret of cachePlaceSecrets([...cacheFrom, ...cacheTo])) host.mask(secret);
  for (const secret of addressSecrets(Object.values(buildContexts))) host.mask(secret);
  return { ...read, problems: [...host.problems, ...problems, ...read.problems] };
}

/** @param platform the builder's own; without a builder, that of this machine is taken */
async function gatherPlan(
  host: PrepareHost,
  given: Given,
  read: GatheredInputs,
  platform = host.platform,
): Promise<{ planned: Planned; problems: readonly Problem[] }> {
  const targetsPlace = given.place?.("targets");
  const contextsPlace = given.place?.("build-contexts");
  const planning = await planBuilds(host, read.inputs, {
    platform,
    ...(targetsPlace === undefined ? {} : { targetsPlace }),
    ...(contextsPlace === undefined ? {} : { contextsPlace }),
  });
  const images = await withIgnoreRules(host, planning.plan.images, read.inputs, platform);
  const ignoreFiles = await ignoreFileFaults(host.files, images);
  const stages = images.flatMap((image) => image.stages);
  // Where a Dockerfile could not be read, a goal may well be meant for one of its stages.
  const knowsAllStages = images.length === read.inputs.images.length;
  const goals = [
    ...(knowsAllStages ? goalProblems(read.inputs.goals, stages) : []),
    ...replacedGoals(read.inputs.goals, planning.replaced),
  ];
  return {
    planned: {
      inputs: read.inputs,
      plan: { images },
      notes: [
        ...(given.notes ?? []),
        ...read.notes,
        ...planning.notes,
        ...goalNotes(read.inputs.goals, stages),
      ],
    },
    problems: [...read.problems, ...planning.problems, ...ignoreFiles, ...goals],
  };
}

/** The text of a secret, so that it is never shown; empty where there is none. */
async function textOf(host: PrepareHost, secret: BuildSecret): Promise<string> {
  switch (secret.kind) {
    case "value":
      return secret.value;
    case "environment":
      return host.env[secret.variable] ?? "";
    case "file":
      return await host.files.readText(secret.path).catch(() => "");
  }
}
