import type { Problem } from "../../errors.ts";
import { messageOf } from "../../errors.ts";
import { asRecord } from "../../foreign-json.ts";
import type { Host } from "../../host/host.ts";
import { buildxProblem } from "./buildx-version.ts";

/** The engine and the buildx builder that do the building. */
export interface Builder {
  /** As the user named it; undefined: the current one. */
  readonly name: string | undefined;
  /** `docker`, `docker-container`, `kubernetes`, `remote`. */
  readonly driver: string;
  /** Where the docker driver keeps images; other drivers keep their own. */
  readonly store: "containerd" | "graph" | "builder";
  /** Whether it may reach 127.0.0.1 of this machine: it is tried, and may still fail. */
  readonly reachesLoopback: boolean;
  /** Whether it can write a cache outside of itself. */
  readonly writesCache: boolean;
  /** `linux/amd64`: what it builds for when nobody says. Undefined where it does not tell. */
  readonly platform?: string;
  /** Versions of `docker` and `buildkit`, as far as they are told. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A builder that answers, or what the user has to change to have one. */
export type BuilderSearch =
  | { readonly kind: "found"; readonly builder: Builder }
  | { readonly kind: "problem"; readonly problem: Problem };

type BuilderHost = Pick<Host, "exec" | "env">;

/** Seconds that an engine has to answer, booting a builder's container included. */
const TIMEOUT_SECONDS = 120;

/**
 * Finds the builder, boots it where it has to be booted, and asks what it can do.
 * @param where how the input is called where the name was given
 */
export async function findBuilder(
  host: BuilderHost,
  name: string | undefined,
  where = "input builder",
): Promise<BuilderSearch> {
  const problem = (what: string): BuilderSearch => builderProblem(name, where, what);
  try {
    const [inspection, info, buildx] = await Promise.all([
      inspectBuilder(host, name),
      readEngineInfo(host),
      readBuildxVersion(host),
    ]);
    if (inspection.kind === "problem") return problem(inspection.what);
    const tooOld = buildxProblem(buildx);
    if (tooOld !== undefined) return { kind: "problem", problem: tooOld };
    const remote = isElsewhere(host.env.DOCKER_HOST ?? "");
    const made = makeBuilder(name, inspection.text, info, buildx);
    return { kind: "found", builder: remote ? { ...made, reachesLoopback: false } : made };
  } catch (error) {
    return problem(messageOf(error));
  }
}

type Inspection =
  | { readonly kind: "inspected"; readonly text: string }
  | { readonly kind: "problem"; readonly what: string };

async function inspectBuilder(host: BuilderHost, name: string | undefined): Promise<Inspection> {
  const named = name === undefined ? [] : [name];
  const { exitCode, stdout, stderr } = await host.exec(
    "docker",
    ["buildx", "inspect", "--bootstrap", "--", ...named],
    { timeoutSeconds: TIMEOUT_SECONDS },
  );
  const error = fieldOf(stdout, "Error") ?? (exitCode === 0 ? undefined : lastLine(stderr));
  if (exitCode === undefined) {
    return { kind: "problem", what: `no answer within ${TIMEOUT_SECONDS} s` };
  }
  if (error === undefined) return { kind: "inspected", text: stdout };
  return { kind: "problem", what: error.replace(/^ERROR: /, "") };
}

/** What the docker driver's engine says of itself; an empty object where there is none. */
export async function readEngineInfo(
  host: Pick<Host, "exec">,
): Promise<Readonly<Record<string, unknown>>> {
  const { exitCode, stdout } = await host.exec("docker", ["info", "--format", "{{json .}}"], {
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  if (exitCode !== 0) return {};
  try {
    return asRecord(JSON.parse(stdout));
  } catch {
    return {};
  }
}

async function readBuildxVersion(host: BuilderHost): Promise<string | undefined> {
  const { stdout } = await host.exec("docker", ["buildx", "version"]);
  return /\bv?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
}

/**
 * Whether a builder in a container holds nothing: one that an earlier step has made, and nothing was
 * built with yet. One elsewhere, which others may build with at the same time, is never said to be.
 */
export async function isEmpty(host: BuilderHost, { name, driver }: Builder): Promise<boolean> {
  if (driver !== "docker-container") return false;
  const named = name === undefined ? [] : ["--builder", name];
  const { exitCode, stdout } = await host.exec("docker", ["buildx", "du", ...named], {
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  return exitCode === 0 && /^Total:\s*0B$/m.test(stdout);
}

/** Reads `docker buildx inspect`, which has no other form than text. */
export function makeBuilder(
  name: string | undefined,
  inspection: string,
  info: Readonly<Record<string, unknown>>,
  buildx: string | undefined,
): Builder {
  const driver = fieldOf(inspection, "Driver") ?? "unknown";
  // Versions of all tools begin with a digit here.
  const buildkit = fieldOf(inspection, "BuildKit version")?.replace(/^v/, "");
  const docker = info.ServerVersion;
  const platform = platformOf(inspection);
  const store = storeOf(driver, info);
  const isVirtualMachine = String(info.OperatingSystem).includes("Docker Desktop");
  const sharesNetwork =
    driver === "docker" || /network="?host"?/.test(fieldOf(inspection, "Driver Options") ?? "");
  const isHere = !isVirtualMachine && !isElsewhere(fieldOf(inspection, "Endpoint") ?? "");
  return {
    name,
    driver,
    store,
    reachesLoopback: sharesNetwork && isHere,
    // https://docs.docker.com/build/cache/backends/
    writesCache: store !== "graph",
    ...(platform === undefined ? {} : { platform }),
    versions: {
      ...(typeof docker === "string" ? { docker } : {}),
      ...(buildx === undefined ? {} : { buildx }),
      ...(buildkit === undefined || buildkit.includes("unknown") ? {} : { buildkit }),
    },
  };
}

/** `tcp://build.example:2376`, `ssh://me@build.example`: an engine on another machine. */
export function isElsewhere(endpoint: string): boolean {
  return /^(?:tcp|https?|ssh):\/\/(?!(?:[^@/]*@)?(?:localhost|127\.|\[::1\]))/.test(endpoint);
}

/** The first that it lists is its machine's own; an asterisk marks what was asked for by name. */
function platformOf(inspection: string): string | undefined {
  return fieldOf(inspection, "Platforms")?.split(",")[0]?.replace("*", "").trim();
}

/** https://docs.docker.com/engine/storage/containerd/ */
function storeOf(driver: string, info: Readonly<Record<string, unknown>>): Builder["store"] {
  if (driver !== "docker") return "builder";
  const status = JSON.stringify(info.DriverStatus ?? []);
  return status.includes("io.containerd.snapshotter.v1") ? "containerd" : "graph";
}

function fieldOf(text: string, name: string): string | undefined {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${name}:`));
  const value = line?.slice(name.length + 1).trim();
  return value === "" ? undefined : value;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function builderProblem(name: string | undefined, where: string, what: string): BuilderSearch {
  const hint = '"docker buildx ls" shows the builders there are';
  const problem =
    name === undefined
      ? { where: "Docker", what: `the current buildx builder cannot be used: ${what}; ${hint}` }
      : { where, what: `the builder "${name}" cannot be used: ${what}; ${hint}` };
  return { kind: "problem", problem };
}
