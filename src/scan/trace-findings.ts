import type { ImageStore, KnownImage, OpenTree } from "../inspect/image-store.ts";
import { traceFiles } from "../inspect/tree/trace-files.ts";
import type { ImageFinding } from "../model/finding.ts";
import { isInConfiguration, placeInHistory } from "./configuration-secrets.ts";

/**
 * Trivy names the highest layer that has a file. This names the one that brought its content, and
 * the one that hides it, for findings that are about a file and not about a package; and for secrets in
 * the image's configuration the instruction that put them there.
 * @throws ToolError as `LayerStore.read` does
 */
export async function traceFindings(
  images: Pick<ImageStore, "enter">,
  layout: string,
  digest: string,
  findings: readonly ImageFinding[],
): Promise<readonly ImageFinding[]> {
  if (!findings.some((finding) => isAboutFile(finding) || isInConfiguration(finding))) {
    return findings;
  }
  const entered = await images.enter(layout, digest);
  return placeInHistory(traceIn(entered, findings), entered.image.config);
}

function isAboutFile({ path, package: name, layerDiffId }: ImageFinding): boolean {
  return path !== undefined && name === undefined && layerDiffId !== undefined;
}

function traceIn(
  { image, tree }: KnownImage & OpenTree,
  findings: readonly ImageFinding[],
): readonly ImageFinding[] {
  const { diffIds } = image.config;
  const about = findings.filter(isAboutFile);
  const traces = traceFiles(
    tree,
    about.map(({ path = "", layerDiffId = "" }) => {
      return { path, layer: diffIds.lastIndexOf(layerDiffId) };
    }),
  );
  const traceOf = new Map(about.map((finding, at) => [finding, traces[at]]));
  return findings.map((finding) => {
    const trace = traceOf.get(finding);
    const layerDiffId = trace && diffIds[trace.broughtBy];
    if (layerDiffId === undefined) return finding;
    const { killedBy } = trace ?? {};
    return { ...finding, layerDiffId, ...(killedBy !== undefined && { killedByLayer: killedBy }) };
  });
}
