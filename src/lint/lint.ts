import type { Host } from "../host/host.ts";
import type { Checked, Finding, FindingTool, Lint } from "../model/finding.ts";
import type { LintInputs } from "../model/inputs.ts";
import type { PlannedImage } from "../model/plan.ts";
import type { Tool } from "../tools/find-tool.ts";
import { type CheckInputs, runBuildkitChecks } from "./buildkit-checks.ts";
import { type ConfigInputs, runHadolint } from "./hadolint.ts";

/** What linting needs of a host. */
export type LintHost = Pick<Host, "exec" | "files" | "env" | "workspace">;

/** What to lint, and with what. */
export interface LintRequest {
  readonly images: readonly PlannedImage[];
  readonly lint: Pick<LintInputs, "lint"> & ConfigInputs;
  readonly build: CheckInputs;
  readonly hadolint: Tool;
}

/**
 * Lints the Dockerfiles of a plan, before and beside the build.
 * @returns what the linters say, by the image's name
 * @throws UserError when Hadolint's configuration file is not there or broken
 */
export async function lintImages(
  host: LintHost,
  request: LintRequest,
): Promise<ReadonlyMap<string, Lint>> {
  const { images, lint } = request;
  if (!lint.lint) {
    return new Map(images.map(({ name }) => [name, { hadolint: OFF, buildkit: OFF }]));
  }
  const [hadolint, buildkit] = await Promise.all([
    hadolintOf(host, request),
    buildkitOf(host, request),
  ]);
  return new Map(
    images.map(({ name, dockerfile }) => [
      name,
      {
        hadolint: hadolint.get(dockerfile) ?? notRun("hadolint"),
        buildkit: buildkit.get(name) ?? notRun("buildkit"),
      },
    ]),
  );
}

const OFF: Checked<Finding> = { kind: "off" };

function notRun(tool: FindingTool): Checked<Finding> {
  return { kind: "unavailable", tool, reason: "it was not run" };
}

/** By the Dockerfile's path. */
async function hadolintOf(
  host: LintHost,
  { images, lint, hadolint }: LintRequest,
): Promise<ReadonlyMap<string, Checked<Finding>>> {
  const dockerfiles = images.map((image) => image.dockerfile);
  switch (hadolint.kind) {
    case "found":
      return runHadolint(host, hadolint, dockerfiles, lint);
    case "missing": {
      const { reason } = hadolint;
      const check = { kind: "unavailable", tool: "hadolint", reason } as const;
      return new Map(dockerfiles.map((dockerfile) => [dockerfile, check]));
    }
  }
}

/** By the image's name. In turn: the builder has a build to do meanwhile. */
async function buildkitOf(
  host: LintHost,
  { images, build }: LintRequest,
): Promise<ReadonlyMap<string, Checked<Finding>>> {
  const checks = new Map<string, Checked<Finding>>();
  for (const image of images) checks.set(image.name, await runBuildkitChecks(host, image, build));
  return checks;
}
