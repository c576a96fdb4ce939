// What the engine is configured with that a builder of its own would not know: where images come
// from in place of Docker Hub, and which registries have no certificate that holds.

import { join } from "node:path";
import { asList, asRecord } from "../foreign-json.ts";
import type { Host } from "../host/host.ts";
import { parseReference } from "../plan/image-reference.ts";

const TIMEOUT_SECONDS = 30;
const DOCKER_HUB = "docker.io";

/** The folder in which buildx keeps what it knows: https://docs.docker.com/build/building/variables/ */
export function buildxFolder(env: Readonly<Record<string, string>>): string {
  return env.BUILDX_CONFIG || join(env.DOCKER_CONFIG || join(env.HOME ?? "", ".docker"), "buildx");
}

/**
 * A configuration of BuildKit that reaches registries as the engine does. Undefined where there is
 * nothing to say, or where the user has one for all builders, which is then the one to use.
 * @param images what the builder is going to fetch
 */
export async function buildkitdConfigFor(
  { exec, files, env }: Pick<Host, "exec" | "files" | "env">,
  images: readonly string[],
): Promise<string | undefined> {
  const ofUser = await files.stat(join(buildxFolder(env), "buildkitd.default.toml"));
  if (ofUser !== undefined) return undefined;
  const { stdout } = await exec("docker", ["info", "--format", "{{json .RegistryConfig}}"], {
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const registries = images.flatMap((image) => parseReference(image)?.registry ?? []);
  return buildkitdConfig(stdout, registries);
}

/** https://github.com/moby/buildkit/blob/v0.33.0/docs/buildkitd.toml.md, `[registry]` */
interface RegistryTable {
  readonly mirrors?: readonly string[];
  /** Together with `insecure`: HTTPS first. */
  readonly http?: boolean;
  /** Any certificate will do. */
  readonly insecure?: boolean;
}

/** As the engine has it: HTTPS with any certificate, and HTTP where nothing speaks HTTPS. */
const INSECURE: RegistryTable = { http: true, insecure: true };

/**
 * BuildKit's configuration, from the engine's `RegistryConfig` in JSON. Networks that are insecure as
 * a whole BuildKit does not know: of those, the registries that are given are named. Only addresses
 * of IPv4 are looked up in them.
 */
export function buildkitdConfig(json: string, registries: readonly string[]): string | undefined {
  const engine = parse(json);
  const networks = asList(engine.InsecureRegistryCIDRs).map(String);
  const mirrors = mirrorsOf(engine);
  const isInsecure = (host: string) =>
    insecureIn(engine).includes(host) || networks.some((network) => contains(network, host));
  const tables = new Map<string, RegistryTable>();
  for (const host of [...insecureIn(engine), ...registries]) {
    if (host !== DOCKER_HUB && isInsecure(host)) tables.set(host, INSECURE);
  }
  for (const { host, protocol } of mirrors) {
    // BuildKit would speak HTTP with this machine's own addresses unless it is told.
    const secure = { http: false, ...(isInsecure(host) && { insecure: true }) };
    tables.set(host, protocol === "http:" ? { http: true } : secure);
  }
  if (mirrors.length > 0) tables.set(DOCKER_HUB, { mirrors: mirrors.map(({ host }) => host) });
  return tables.size === 0 ? undefined : [...tables].map(written).join("");
}

function parse(json: string): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(json));
  } catch {
    return {};
  }
}

/** One with a path is left out: the engine asks `/path/v2/`, and BuildKit would ask `/v2/path/`. */
function mirrorsOf(engine: Readonly<Record<string, unknown>>): readonly URL[] {
  return asList(engine.Mirrors)
    .map(String)
    .flatMap((mirror) => URL.parse(mirror) ?? [])
    .filter(({ protocol, pathname }) => /^https?:$/.test(protocol) && pathname === "/");
}

function insecureIn({ IndexConfigs }: Readonly<Record<string, unknown>>): readonly string[] {
  const hosts = Object.entries(asRecord(IndexConfigs));
  return hosts.flatMap(([host, config]) => (asRecord(config).Secure === false ? [host] : []));
}

/** Whether `10.0.0.0/8` has the address of `10.1.2.3:5000`. */
function contains(network: string, host: string): boolean {
  const [base = "", length = ""] = network.split("/");
  const [one, other] = [base, host.replace(/:\d+$/, "")].map(numberOf);
  if (one === undefined || other === undefined || !/^\d+$/.test(length)) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(one / size) === Math.floor(other / size);
}

function numberOf(address: string): number | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return undefined;
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function written([host, { mirrors, http, insecure }]: readonly [string, RegistryTable]): string {
  // A text in JSON is one in TOML as well.
  const lines = Object.entries({ mirrors, http, insecure }).flatMap(([key, value]) =>
    value === undefined ? [] : [`  ${key} = ${JSON.stringify(value)}\n`],
  );
  return `[registry.${JSON.stringify(host)}]\n${lines.join("")}`;
}
