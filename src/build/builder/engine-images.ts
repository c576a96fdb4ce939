import { asList } from "../../foreign-json.ts";
import type { Host } from "../../host/host.ts";
import { parseCommand } from "../../plan/command.ts";
import { isReference, parseReference } from "../../plan/image-reference.ts";
import { referencesOf } from "../../plan/stage-references.ts";

/** Seconds that the engine has to tell of one of its images. */
const TIMEOUT_SECONDS = 30;

/** What `docker image inspect` says: where the image is from, and what it makes of whoever builds on it. */
const FORMAT = "{{json .RepoDigests}}\n{{json .Config.OnBuild}}";

/**
 * Which of these images are in the engine and in no registry that it knows of: made by an earlier
 * step, or named anew there. A builder with a store of its own cannot see them. So it is with those
 * that the triggers of an image in the engine read from.
 */
export async function imagesOnlyInEngine(
  host: Pick<Host, "exec">,
  images: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(images.map((image) => inspect(host, image)));
  const triggered = found.flatMap(({ readFrom }) => readFrom);
  const others = [...new Set(triggered)].filter((image) => !images.includes(image));
  const behind = await Promise.all(others.map((image) => inspect(host, image)));
  return [...found, ...behind].flatMap(({ image, isOnlyHere }) => (isOnlyHere ? [image] : []));
}

interface EngineImage {
  readonly image: string;
  /** Whether the engine has it, and no registry. */
  readonly isOnlyHere: boolean;
  /** Images that its triggers read from. */
  readonly readFrom: readonly string[];
}

async function inspect({ exec }: Pick<Host, "exec">, image: string): Promise<EngineImage> {
  const args = ["image", "inspect", "--format", FORMAT, image];
  const options = { timeoutSeconds: TIMEOUT_SECONDS };
  const { exitCode, stdout } = await exec("docker", args, options);
  if (exitCode !== 0) return { image, isOnlyHere: false, readFrom: [] };
  const [digests = "", triggers = ""] = stdout.split("\n");
  const readFrom = listIn(triggers)
    .flatMap((trigger) => referencesOf(parseCommand(String(trigger), "\\")))
    .flatMap(({ name }) => (isReference(name) && !/^\d+$/.test(name) ? [name] : []));
  return { image, isOnlyHere: !isFromRegistry(image, digests), readFrom };
}

/** Of an image with two names, one may be known to a registry and the other not. */
function isFromRegistry(image: string, repoDigests: string): boolean {
  const repository = repositoryOf(image);
  return listIn(repoDigests).some((digest) => repositoryOf(String(digest)) === repository);
}

function repositoryOf(image: string): string | undefined {
  const reference = parseReference(image);
  return reference && `${reference.registry}/${reference.path}`;
}

function listIn(json: string): readonly unknown[] {
  try {
    return asList(JSON.parse(json));
  } catch {
    return [];
  }
}
