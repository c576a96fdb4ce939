import type { Layer } from "../../model/image.ts";
import type { Saving } from "../savings/saving.ts";
import { isHeredoc } from "./instructions.ts";
import { type AdviceWords, madeBy, type SavingLayers } from "./words.ts";

/** A layer compiles what one below it has compiled already. */
export function compiledCacheWords(_: Saving, { first, later }: SavingLayers): AdviceWords {
  return {
    message: `Line ${later.line} compiles Python files again that ${madeBy(first)} had compiled.`,
    instead: compiledOnce(first, later),
  };
}

const PIP = /\bpip3?\s+install\b/g;

/** Neither `compileall` nor pip heeds the variable that keeps Python itself from compiling. */
function compiledOnce({ line, instruction }: Layer, later: Layer): string {
  const isCompileall = (text = "") => /\bcompileall\b/.test(text);
  if (isCompileall(later.instruction)) {
    return `compile once: leave compileall out of line ${isCompileall(instruction) ? line : later.line}`;
  }
  const { instruction: text = "" } = later;
  const withoutCompiling = text.replace(PIP, "$& --no-compile");
  if (withoutCompiling === text) return `ENV PYTHONDONTWRITEBYTECODE=1, before line ${later.line}`;
  return isHeredoc(later) ? "pip install --no-compile …" : withoutCompiling;
}
