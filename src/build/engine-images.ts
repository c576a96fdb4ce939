import { asList } from "../foreign-json.ts";
import type { Host } from "../host/host.ts";
import { parseReference } from "../plan/image-reference.ts";

/** Seconds that the engine has to tell of one of its images. */
const TIMEOUT_SECONDS = 30;

/**
 * Which of these images are in the engine and in no registry that it knows of: made by an earlier
 * step, or named anew there. A builder with a store of its own cannot see them.
 */
export async function imagesOnlyInEngine(
  { exec }: Pick<Host, "exec">,
  images: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    images.map(async (image) => {
      const format = ["--format", "{{json .RepoDigests}}"];
      const { exitCode, stdout } = await exec("docker", ["image", "inspect", ...format, image], {
        timeoutSeconds: TIMEOUT_SECONDS,
      });
      return exitCode === 0 && !isFromRegistry(image, stdout) ? [image] : [];
    }),
  );
  return found.flat();
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
