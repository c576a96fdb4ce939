import { type Command, flagValue } from "./command.ts";
import { readMount } from "./run-mount.ts";
import { readShellText } from "./shell-lexer.ts";

/** How an instruction names a stage or an image that it reads from. */
export interface StageReference {
  /** `COPY --from` also takes a stage's number; `RUN --mount` does not. */
  readonly kind: "copy" | "mount";
  readonly name: string;
}

/** What an instruction reads from besides its own stage and the build context. */
export function referencesOf(command: Command): readonly StageReference[] {
  if (command.keyword === "COPY") {
    const name = flagValue(command, "from") ?? "";
    return name === "" ? [] : [{ kind: "copy", name }];
  }
  if (command.keyword !== "RUN") return [];
  return mountSources(command).map((name) => ({ kind: "mount", name }));
}

/** Why `--from` of an instruction is refused: it takes no variables. */
export function fromFault(command: Command): string | undefined {
  if (!referencesOf(command).some(hasVariable)) return undefined;
  return "from= takes no variables; give that image a stage of its own, and name the stage";
}

/** Whether what is read from is named by a variable, as it may not be. */
export function hasVariable({ kind, name }: StageReference): boolean {
  return kind === "copy" ? !isLiteral(name) : /\$./s.test(name);
}

function isLiteral(name: string): boolean {
  const read = readShellText(name, { escapeCharacter: "\\", lookUp: () => undefined });
  return read.kind === "text" && read.text === name;
}

function mountSources(command: Command): readonly string[] {
  return command.flags
    .filter((flag) => flag.name === "mount")
    .flatMap((flag) => readMount(flag.value ?? "").from ?? []);
}
