import type { Saving } from "../savings/saving.ts";
import { shellRun } from "./commands.ts";
import { hasOtherShell, isHeredoc } from "./instructions.ts";
import { type AdviceWords, inCode, madeBy, type SavingLayers } from "./words.ts";

/** A layer compiles what one below it has compiled already. */
export function compiledCacheWords(_: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later } = about;
  // What puts pip there has it compiled, whatever it is told.
  if (MAKES_PIP.test(later.instruction ?? "")) return undefined;
  const message = `Line ${later.line} compiles Python files again that ${madeBy(first)} had compiled.`;
  const instead = compiledOnce(about);
  if (instead === undefined) return undefined;
  const leavesFirst = !(COMPILEALL.test(first.instruction ?? "") && COMPILEALL.test(instead));
  const words = { message, instead, ...(leavesFirst && { leavesFirst }) } as const;
  if (!LEAVES_UNCOMPILED.test(instead)) return words;
  const price = "What is not compiled there, Python compiles each time it starts.";
  return { ...words, message: `${message} ${price}` };
}

/** By a module, or as a command: a folder may be called so too. */
const MAKES_PIP =
  /\s-m\s+(?:venv|virtualenv|ensurepip)\b|(?:^|[;&|(]|\bRUN\s)\s{0,20}(?:virtualenv|uv\s+venv)\s/;
const COMPILEALL = /\bcompileall\b/;
const PIP = /\bpip3?\s+install\b(?!\s[^&|;]{0,2000}--no-compile\b)/g;
const UNCOMPILED = /--no-compile\b/;
const LEAVES_UNCOMPILED = /--no-compile|PYTHONDONTWRITEBYTECODE/;

/**
 * Neither `compileall` nor pip heeds the variable that keeps Python itself from compiling. Undefined where
 * pip does not compile already: it is not known what does.
 */
function compiledOnce({ first, later, chain }: SavingLayers): string | undefined {
  const { line, instruction } = first;
  const isCompileall = (text = "") => COMPILEALL.test(text);
  if (isCompileall(later.instruction)) {
    const one = isCompileall(instruction) ? line : later.line;
    return `Compile once: leave ${inCode("compileall")} out of line ${one}.`;
  }
  const { instruction: text = "" } = later;
  const withoutCompiling = text.replace(PIP, "$& --no-compile");
  if (withoutCompiling !== text && !isHeredoc(later)) return withoutCompiling;
  if (withoutCompiling !== text) {
    return `Write ${inCode("pip install --no-compile …")} in line ${later.line}.`;
  }
  if (UNCOMPILED.test(text)) return undefined;
  const run = shellRun(later);
  const variable = "PYTHONDONTWRITEBYTECODE=1";
  if (run === undefined || hasOtherShell(chain))
    return `Write ${inCode(`ENV ${variable}`)} before line ${later.line}.`;
  return ["RUN", ...run.flags, `export ${variable} &&`, run.command].join(" ");
}
