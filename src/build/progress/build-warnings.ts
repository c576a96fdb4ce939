import type { Checked, Finding } from "../../model/finding.ts";
import type { PlannedImage } from "../../model/plan.ts";
import { oneLine } from "../../one-line.ts";
import type { BakeTarget } from "../bake-file.ts";
import type { BuildWarning, Progress } from "./progress.ts";

/**
 * What BuildKit warns of while it builds: some of its checks need to know the base images, which
 * `--call=check` does not ask for.
 */
export class BuildWarnings {
  readonly #found = new Map<PlannedImage, Map<string, Finding>>();

  /** Takes one line of progress in. Each target of a Dockerfile tells all that is wrong on its way. */
  follow({ warnings }: Progress, targets: readonly BakeTarget[]): void {
    for (const warning of warnings) {
      const finding = findingOf(warning);
      if (finding === undefined) continue;
      for (const image of new Set(targets.map((target) => target.image))) {
        if ((image.generatedText ?? image.text) !== warning.dockerfile) continue;
        const found = this.#found.get(image) ?? new Map<string, Finding>();
        this.#found.set(image, found.set(keyOf(finding), finding));
      }
    }
  }

  /** By the image's name. */
  get findings(): ReadonlyMap<string, readonly Finding[]> {
    return new Map([...this.#found].map(([{ name }, found]) => [name, [...found.values()]]));
  }
}

/** What BuildKit checks only while it builds, beside what it has checked before. */
export function withWarnings(
  check: Checked<Finding>,
  warnings: readonly Finding[],
): Checked<Finding> {
  if (check.kind !== "checked") return check;
  const known = new Set(check.findings.map(keyOf));
  const others = warnings.filter((warning) => !known.has(keyOf(warning)));
  return { ...check, findings: [...check.findings, ...others] };
}

/** The same for one problem, whoever told it. */
function keyOf({ rule, line }: Finding): string {
  return JSON.stringify([rule, line]);
}

/** `InvalidBaseImagePlatform: Base image … was pulled with … (line 5)`; what has no rule is no check. */
function findingOf({ text, help, line }: BuildWarning): Finding | undefined {
  const [, rule, message] = /^([A-Z][A-Za-z]+): (.*?)(?: \(line \d+\))?$/s.exec(text) ?? [];
  if (rule === undefined || message === undefined) return undefined;
  return {
    tool: "buildkit",
    rule,
    severity: "warning",
    message: oneLine(message),
    ...(help !== undefined && { help }),
    ...(line !== undefined && { line }),
  };
}
