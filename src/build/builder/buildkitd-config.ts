// What the engine is configured with that a builder of its own would not know: where images come
// from in place of Docker Hub, and which registries have no certificate that holds,
// or one that only the engine knows.

import { join } from "node:path";
import { asList, asRecord } from "../../foreign-json.ts";
import type { Host } from "../../host/host.ts";
import { parseReference } from "../../plan/image-reference.ts";
import { contains } from "./networks.ts";

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
  const registries = registriesOf(images);
  const hosts = [...registries, ...mirrorsOf(parse(stdout)).map(({ host }) => host)];
  return buildkitdConfig(stdout, registries, await certificatesOf({ files, env }, hosts));
}

/** The hosts that images are fetched from, `docker.io` among them. */
export function registriesOf(images: readonly string[]): readonly string[] {
  return images.flatMap((image) => parseReference(image)?.registry ?? []);
}

/** Certificates that the engine takes of a registry, or shows to it. Absolute paths. */
export interface Certificates {
  readonly ca?: readonly string[];
  readonly keypair?: readonly { readonly key: string; readonly cert: string }[];
}

/**
 * What the engine's folder for each registry has: `ca.crt`, `client.cert`, `client.key`.
 * https://docs.docker.com/engine/security/certificates/
 */
async function certificatesOf(
  { files, env }: Pick<Host, "files" | "env">,
  registries: readonly string[],
): Promise<ReadonlyMap<string, Certificates>> {
  const found = new Map<string, Certificates>();
  for (const registry of new Set(registries)) {
    for (const parent of certificateFolders(env)) {
      const folder = join(parent, registry);
      const names = await files.list(folder).catch(() => []);
      const certificates = certificatesAmong(folder, names);
      if (certificates !== undefined && !found.has(registry)) found.set(registry, certificates);
    }
  }
  return found;
}

/** Of an engine that is root's, and of one without its rights. */
function certificateFolders({ XDG_CONFIG_HOME, HOME = "" }: Host["env"]): readonly string[] {
  const config = XDG_CONFIG_HOME || join(HOME, ".config");
  return ["/etc/docker/certs.d", join(config, "docker", "certs.d")];
}

function certificatesAmong(folder: string, names: readonly string[]): Certificates | undefined {
  const ca = names.filter((name) => name.endsWith(".crt")).map((name) => join(folder, name));
  const keypair = names.flatMap((name) => {
    const key = name.replace(/\.cert$/, ".key");
    const isPair = key !== name && names.includes(key);
    return isPair ? [{ key: join(folder, key), cert: join(folder, name) }] : [];
  });
  if (ca.length + keypair.length === 0) return undefined;
  return { ...(ca.length > 0 && { ca }), ...(keypair.length > 0 && { keypair }) };
}

/** https://github.com/moby/buildkit/blob/v0.33.0/docs/buildkitd.toml.md, `[registry]` */
interface RegistryTable extends Certificates {
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
 * are looked up in them, no names.
 * @param certificates what the engine has of a registry
 */
export function buildkitdConfig(
  json: string,
  registries: readonly string[],
  certificates: ReadonlyMap<string, Certificates> = new Map(),
): string | undefined {
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
  for (const [host, its] of certificates) tables.set(host, { ...tables.get(host), ...its });
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

/**
 * The mirrors of Docker Hub in the engine's `RegistryConfig`. One with a path is left out: the engine asks
 * `/path/v2/`, and BuildKit would ask `/v2/path/`.
 */
export function mirrorsOf(engine: Readonly<Record<string, unknown>>): readonly URL[] {
  return asList(engine.Mirrors)
    .map(String)
    .flatMap((mirror) => URL.parse(mirror) ?? [])
    .filter(({ protocol, pathname }) => /^https?:$/.test(protocol) && pathname === "/");
}

function insecureIn({ IndexConfigs }: Readonly<Record<string, unknown>>): readonly string[] {
  const hosts = Object.entries(asRecord(IndexConfigs));
  return hosts.flatMap(([host, config]) => (asRecord(config).Secure === false ? [host] : []));
}

function written([host, table]: readonly [string, RegistryTable]): string {
  const { mirrors, http, insecure, ca, keypair = [] } = table;
  const name = `registry.${JSON.stringify(host)}`;
  const pairs = keypair.map((pair) => `[[${name}.keypair]]\n${linesOf(pair)}`);
  return [`[${name}]\n`, linesOf({ mirrors, http, insecure, ca }), ...pairs].join("");
}

/** A text in JSON is one in TOML as well. */
function linesOf(fields: object): string {
  return Object.entries(fields)
    .flatMap(([key, value]) =>
      value === undefined ? [] : [`  ${key} = ${JSON.stringify(value)}\n`],
    )
    .join("");
}
