import { join } from "node:path";
import type { BuildInputs, BuildSecret } from "../model/inputs.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";

/** A stage to build, under the name that it has for `docker buildx bake`. */
export interface BakeTarget {
  /** `[a-z0-9-]` only: bake takes no dots, which stage names may have. */
  readonly id: string;
  readonly image: PlannedImage;
  readonly stage: Stage;
}

/** All stages of a plan that are to be built. */
export function bakeTargets(images: readonly PlannedImage[]): readonly BakeTarget[] {
  return images.flatMap((image, imageIndex) =>
    image.stages
      .filter((stage) => stage.decision.kind === "build")
      .map((stage) => ({ id: `image${imageIndex}-stage${stage.index}`, image, stage })),
  );
}

/** Caches outside of the builder, as `--cache-from` and `--cache-to` take them. */
export interface CachePlaces {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** What a definition needs to know beside the inputs. */
export interface BakeSettings {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  readonly inputs: BuildInputs;
  /** Absolute path of the Dockerfile that is built for an image. */
  dockerfileOf(image: PlannedImage): string;
  /** The caches that this solve reads and writes. Default: none but the builder's own. */
  placesOf?(image: PlannedImage): CachePlaces;
  /** The target's `output`: one exporter as `--output` takes it. */
  outputOf(target: BakeTarget): string;
}

/**
 * The bake file, as JSON, that builds targets in one solve.
 * https://docs.docker.com/build/bake/reference/
 */
export function renderBakeFile(targets: readonly BakeTarget[], settings: BakeSettings): string {
  const definition = {
    group: { default: { targets: targets.map((target) => target.id) } },
    target: Object.fromEntries(
      targets.map((target) => [target.id, targetDefinition(target, settings)]),
    ),
  };
  return JSON.stringify(withoutTemplates(definition), null, 2);
}

/**
 * Variables for the environment of buildx that carry secrets: none of them is ever an argument. One that
 * stands in a variable is carried by another all the same, since not every variable is left to buildx.
 * @param env where the variables are that inputs name
 */
export function secretEnvironment(
  secrets: readonly BuildSecret[],
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [index, secret] of secrets.entries()) {
    const value = textOf(secret, env);
    if (value !== undefined) variables[secretVariable(index)] = value;
  }
  return variables;
}

function textOf(secret: BuildSecret, env: Readonly<Record<string, string>>): string | undefined {
  switch (secret.kind) {
    case "value":
      return secret.value;
    case "environment":
      return env[secret.variable];
    case "file":
      return undefined;
  }
}

function targetDefinition(target: BakeTarget, settings: BakeSettings): object {
  const { inputs, workspace } = settings;
  const { decision } = target.stage;
  const places = settings.placesOf?.(target.image) ?? { from: [], to: [] };
  return {
    context: join(workspace, target.image.context),
    dockerfile: settings.dockerfileOf(target.image),
    ...(decision.kind === "build" && decision.target !== "" ? { target: decision.target } : {}),
    args: inputs.buildArgs,
    contexts: inputs.buildContexts,
    secret: inputs.secrets.map((secret, index) => secretDefinition(secret, index)),
    ssh: inputs.ssh,
    ...(inputs.platform === undefined ? {} : { platforms: [inputs.platform] }),
    "cache-from": places.from,
    "cache-to": places.to,
    "no-cache": inputs.noCache,
    pull: inputs.pull,
    output: [settings.outputOf(target)],
  };
}

function secretDefinition(secret: BuildSecret, index: number): string {
  switch (secret.kind) {
    case "value":
    case "environment":
      return csv([`type=env`, `id=${secret.id}`, `env=${secretVariable(index)}`]);
    case "file":
      return csv([`type=file`, `id=${secret.id}`, `src=${secret.path}`]);
  }
}

function secretVariable(index: number): string {
  return `WEIGHBRIDGE_SECRET_${index}`;
}

/** One line of comma-separated values, as buildx reads its key-value options. */
export function csv(fields: readonly string[]): string {
  return fields
    .map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(",");
}

/**
 * Bake reads every string as a template: `${HOME}` would become our HOME. Doubled signs stand for
 * themselves. https://github.com/docker/buildx/issues/2613
 */
function withoutTemplates(value: unknown): unknown {
  if (typeof value === "string") return escapeTemplate(value);
  if (Array.isArray(value)) return value.map(withoutTemplates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [escapeTemplate(key), withoutTemplates(member)]),
  );
}

function escapeTemplate(text: string): string {
  return text.replaceAll("${", "$$$${").replaceAll("%{", "%%{");
}
