import type { Plan, PlannedImage, Stage } from "../model/plan.ts";
import { allNeedsOf } from "./chain.ts";
import { parseCommand } from "./command.ts";
import { isReference } from "./image-reference.ts";
import { referencesOf } from "./stage-references.ts";

/**
 * The images that what is built stands on or reads from and that it does not make itself: those of
 * `FROM`, `COPY --from` and `RUN --mount=from`, of triggers too, and the one that reads the
 * Dockerfile itself. As they are written, each once.
 */
export function externalImages(
  { images }: Plan,
  buildContexts: Readonly<Record<string, string>>,
): readonly string[] {
  const all = images.flatMap((image) => {
    const needed = neededStages(image);
    const read = needed.flatMap((stage) => imagesOf(stage, image, buildContexts));
    return needed.length === 0
      ? []
      : [...(image.frontend === undefined ? [] : [image.frontend]), ...read];
  });
  return [...new Set(all)].filter(isReference);
}

function neededStages({ stages }: PlannedImage): readonly Stage[] {
  const built = stages.filter(({ decision }) => decision.kind === "build");
  const indices = new Set(built.flatMap(({ index }) => [index, ...allNeedsOf(stages, index)]));
  return stages.filter(({ index }) => indices.has(index));
}

function imagesOf(
  { base, instructions }: Stage,
  { stages }: PlannedImage,
  contexts: Readonly<Record<string, string>>,
): readonly string[] {
  const isStage = (name: string) =>
    /^\d+$/.test(name) || stages.some((stage) => stage.name.toLowerCase() === name.toLowerCase());
  const read = instructions
    .map(({ text }) => text.replace(/^ONBUILD\s+/i, ""))
    .flatMap((text) => referencesOf(parseCommand(text, "\\")))
    .flatMap(({ name }) => (isStage(name) ? [] : [contexts[name] ?? name]));
  const from = base.kind === "image" ? [base.reference] : [];
  return [...from, ...read].map((reference) => reference.replace(/^docker-image:\/\//, ""));
}
