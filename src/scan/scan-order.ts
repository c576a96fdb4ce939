import type { Plan, Stage } from "../model/plan.ts";

/** Holds stages back until those that they stand on have come. */
export interface ScanOrder<T> {
  /**
   * A stage has come.
   * @param value what is handed back when its turn is there
   * @returns what can be scanned now, in this order: it and those that have waited for it, or nothing
   */
  come(stage: Stage, value: T): readonly T[];
}

/**
 * The order in which stages are scanned while they are being built. Trivy looks for no secrets in
 * layers that it takes for a base image's, and keeps what it saw of a layer: so a stage is scanned
 * before those that stand on it.
 * A stage that stands on none of those that are built waits for nothing.
 */
export function createScanOrder<T>({ images }: Plan): ScanOrder<T> {
  const baseOf = new Map<Stage, Stage>();
  for (const { stages } of images) {
    for (const stage of stages) {
      const base = builtBaseOf(stage, stages);
      if (base !== undefined) baseOf.set(stage, base);
    }
  }
  const hasCome = new Set<Stage>();
  const waiting = new Map<Stage, { readonly stage: Stage; readonly value: T }[]>();
  const come = (stage: Stage, value: T): T[] => {
    const base = baseOf.get(stage);
    if (base !== undefined && !hasCome.has(base)) {
      waiting.set(base, [...(waiting.get(base) ?? []), { stage, value }]);
      return [];
    }
    hasCome.add(stage);
    const held = waiting.get(stage) ?? [];
    waiting.delete(stage);
    return [value, ...held.flatMap((next) => come(next.stage, next.value))];
  };
  return { come };
}

/** The nearest of the stages it stands on that is built too. */
function builtBaseOf(stage: Stage, stages: readonly Stage[]): Stage | undefined {
  if (stage.base.kind !== "stage") return undefined;
  const base = stages[stage.base.index];
  if (base === undefined || base.decision.kind === "build") return base;
  return builtBaseOf(base, stages);
}
