import { join } from "node:path";
import { ToolError } from "../errors.ts";
import { type ForeignValue, readForeignJson } from "../foreign-json.ts";
import type { ExecResult, Host } from "../host/host.ts";
import type { Checked, Finding } from "../model/finding.ts";
import type { BuildInputs } from "../model/inputs.ts";
import type { PlannedImage } from "../model/plan.ts";
import { oneLine, oneReason } from "../one-line.ts";
import { plainImageError } from "../plan/image-error.ts";
import { howItEnded } from "../tools/failure.ts";

/** The inputs that change what BuildKit sees. */
export type CheckInputs = Pick<BuildInputs, "buildArgs" | "buildContexts" | "platform" | "builder">;

/** Checks wait for the metadata of base images, from wherever those are. */
const TIMEOUT_SECONDS = 300;

/**
 * BuildKit's own checks of a Dockerfile, over all of its stages; nothing is built. They are off
 * where the builder has none. https://docs.docker.com/build/checks/
 */
export async function runBuildkitChecks(
  host: Pick<Host, "exec" | "workspace">,
  image: PlannedImage,
  inputs: CheckInputs,
): Promise<Checked<Finding>> {
  try {
    const result = await host.exec("docker", checkArguments(host.workspace, image, inputs), {
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    if (result.stdout.trim() !== "") return parseChecks(result.stdout);
    return HAS_NO_CHECKS.test(result.stderr) ? OFF : unavailable(whyNothing(result));
  } catch (error) {
    if (error instanceof ToolError) return unavailable(error.message);
    throw error;
  }
}

/** What an older buildx says, and an older frontend for which buildx found no newer one. */
const HAS_NO_CHECKS = /^unknown flag: --call$|unsupported request frontend\.lint/m;

const OFF: Checked<Finding> = {
  kind: "off",
  reason:
    "This builder has none of BuildKit's checks: they need buildx 0.15 and a Dockerfile frontend 1.8 or newer.",
};

/** What `docker` is called with. Paths are absolute: none can be taken for an option. */
export function checkArguments(
  workspace: string,
  image: PlannedImage,
  inputs: CheckInputs,
): readonly string[] {
  return [
    "buildx",
    "build",
    "--call=check,format=json,ignorestatus=true",
    "--progress=quiet",
    `--file=${join(workspace, image.dockerfile)}`,
    ...(inputs.builder === undefined ? [] : [`--builder=${inputs.builder}`]),
    ...(inputs.platform === undefined ? [] : [`--platform=${inputs.platform}`]),
    ...pairs("--build-arg", inputs.buildArgs),
    ...pairs("--build-context", inputs.buildContexts),
    join(workspace, image.context),
  ];
}

function pairs(option: string, values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `${option}=${name}=${value}`);
}

/**
 * Reads what `--call=check,format=json` wrote.
 * @throws ToolError when it is not that
 */
export function parseChecks(stdout: string): Checked<Finding> {
  const report = readForeignJson("docker buildx build --call=check", stdout);
  // Where the Dockerfile cannot be read to its end, the warnings so far are not all of them. With
  // `# check=error=true` there is an error too, but that one says only that there are warnings.
  const error = report.field("buildError").field("message").optionalText();
  if (error !== undefined && !error.startsWith("lint violation found")) {
    return unavailable(oneReason(plainImageError(error)));
  }
  return { kind: "checked", findings: report.field("warnings").optionalItems().map(parseWarning) };
}

function parseWarning(warning: ForeignValue): Finding {
  const detail = warning.field("detail").optionalText();
  const description = warning.field("description").text();
  const help = warning.field("url").optionalText();
  const line = lineOf(warning.field("location"));
  return {
    tool: "buildkit",
    rule: warning.field("ruleName").text(),
    severity: "warning",
    message: oneLine(detail ?? description),
    title: oneLine(description),
    ...(help === undefined ? {} : { help }),
    ...(line === undefined ? {} : { line }),
  };
}

function lineOf(location: ForeignValue): number | undefined {
  const [first] = location.field("ranges").optionalItems();
  return first?.field("start").field("line").integer();
}

function whyNothing(result: ExecResult): string {
  // The error comes last, but may be followed by the lines of the Dockerfile that it is about.
  const [, error = result.stderr] = /^ERROR: (.*)$/m.exec(result.stderr) ?? [];
  return `docker buildx build --call=check ${howItEnded(result, plainImageError(error))}`;
}

function unavailable(reason: string): Checked<Finding> {
  return { kind: "unavailable", tool: "buildkit", reason };
}
