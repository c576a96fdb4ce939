// Names of images. https://pkg.go.dev/github.com/distribution/reference

const DOCKER_HUB = "docker.io";
/** Longest name without registry, tag and digest. */
const MAX_PATH_LENGTH = 255;
/** Longer than any: name, tag (128), digest (135) and registry (253). */
const MAX_LENGTH = 1_024;

const HOST =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;

/** What the name of an image says. */
export interface ImageReference {
  /** `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  /** `library/nginx`, `owner/app`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Whether a text names an image. */
export function isReference(text: string): boolean {
  return parseReference(text) !== undefined;
}

/** Reads the name of an image as Docker does; undefined when it is none. */
export function parseReference(text: string): ImageReference | undefined {
  if (text.length > MAX_LENGTH || /^[a-f0-9]{64}$/.test(text)) return undefined;
  const { registry, remainder } = splitRegistry(text);
  const match = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/s.exec(remainder);
  const [, rest = "", tag, digest] = match ?? [];
  // What looked like a registry and is none may still be the start of the path.
  const isHost = HOST.test(registry);
  const path = isHost ? rest : `${registry}/${rest}`;
  if (!PATH.test(path) || path.length > MAX_PATH_LENGTH) return undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  return {
    registry: isHost ? registry : DOCKER_HUB,
    path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/**
 * The shortest way to write an image's name: Docker Hub, its `library` and the tag `latest` are left
 * out. Two names with the same short form are the same image. Undefined when it is no name.
 */
export function shortReference(text: string): string | undefined {
  const reference = parseReference(text);
  if (reference === undefined) return undefined;
  const { registry, path, tag, digest } = reference;
  const isDefaultTag = tag === undefined || (tag === "latest" && digest === undefined);
  const name = shortPath(registry, path);
  return `${name}${isDefaultTag ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** What stands before the first `/` is a registry only if it looks like one. */
function splitRegistry(text: string): { registry: string; remainder: string } {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0));
  const isRegistry = first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
  const registry = !isRegistry || first === "index.docker.io" ? DOCKER_HUB : first;
  const remainder = isRegistry ? text.slice(slash + 1) : text;
  const isOfficial = registry === DOCKER_HUB && !remainder.includes("/");
  return { registry, remainder: isOfficial ? `library/${remainder}` : remainder };
}

function shortPath(registry: string, path: string): string {
  if (registry !== DOCKER_HUB) return `${registry}/${path}`;
  const official = path.replace(/^library\//, "");
  return official.includes("/") ? path : official;
}
