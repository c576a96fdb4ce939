import { createHash } from "node:crypto";
import type { Instruction, PlannedImage, Stage } from "../model/plan.ts";

/**
 * What each instruction of a Dockerfile stands on, as a hash: its base and every instruction
 * before it. BuildKit makes one vertex of instructions with the same lineage and names it after
 * only one of them.
 */
export function lineagesOf(image: PlannedImage): ReadonlyMap<Instruction, string> {
  const lineages = new Map<Instruction, string>();
  const ends = new Map<number, string>();
  for (const stage of image.stages) {
    let lineage = startOf(stage, ends);
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== "FROM") lineage = hash(`${lineage}\n${instruction.text}`);
      lineages.set(instruction, lineage);
    }
    ends.set(stage.index, lineage);
  }
  return lineages;
}

function startOf(stage: Stage, ends: ReadonlyMap<number, string>): string {
  const { base, platform } = stage;
  switch (base.kind) {
    case "stage":
      return ends.get(base.index) ?? `stage ${base.index}`;
    case "image":
      return hash(`${platform} image ${base.reference}`);
    case "scratch":
      return hash(`${platform} scratch`);
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
