import { posix } from "node:path";
import type { Saving } from "../savings/saving.ts";
import { inOneCommand, namesPath, plainList, quoted, shellRun } from "./commands.ts";
import { type FittingLink, fittingLink } from "./copied-out.ts";
import { copySource, sourcesOf } from "./copy-source.ts";
import { hasOtherShell, isRun } from "./instructions.ts";
import { isCopiedAlone, nameOf } from "./needed.ts";
import { type AdviceWords, inCode, madeBy, type SavingLayers } from "./words.ts";

/** A container sees the same content in several places. */
export function duplicateContentWords(
  saving: Saving,
  about: SavingLayers,
): AdviceWords | undefined {
  const { files, paths, twin = "", hasOtherOwner } = saving;
  const { first, later } = about;
  const [path = ""] = paths;
  // Who may write the one may not write the other; and some programs do what they are called.
  if (hasOtherOwner || (PROGRAM.test(path) && nameOf(path) !== nameOf(twin))) return undefined;
  const what =
    files === 1
      ? `${inCode(path)}, which is`
      : `${files} files, of which ${inCode(path)} is the largest,`;
  const where = first === later ? "it has written elsewhere" : `${madeBy(first)} has written`;
  const message = `Line ${later.line} writes ${what} the same as what ${where}, by size and CRC-32.`;
  const instead = insteadOf(path, saving, about);
  return instead === undefined ? undefined : { message, instead };
}

const PROGRAM = /\/s?bin\/[^/]*$/;

function insteadOf(path: string, saving: Saving, about: SavingLayers): string | undefined {
  const { twin = "", files } = saving;
  const { first, later, chain, image } = about;
  if (isRun(later)) return linkedByRun(path, saving, about);
  const source = copySource(later);
  // Whoever uses it by its path would not find it.
  const all = [...chain, ...image.stages.flatMap(({ instructions }) => instructions)];
  const isNamed = all.some(
    ({ text, lines }) => lines.start !== later.line && namesPath(text, path),
  );
  const fitting = fittingLink(saving, about);
  if (source === undefined || isNamed || fitting === "none") return undefined;
  if (first === later && source === "context") return inContext(path, saving, about, fitting);
  // Where another stage puts it, the other one may not be.
  if (fitting === "relative") return undefined;
  // A line that has written both copies more than the one.
  const isOther = files === 1 && first !== later && later.unpacked === saving.bytes;
  if (isOther && isCopiedAlone(path, later.instruction ?? "") !== undefined)
    return `Drop line ${later.line}, and use ${inCode(twin)} instead.`;
  const more = files === 1 ? "" : ` and ${files - 1} more`;
  return `Leave ${inCode(path)}${more} out of what line ${later.line} copies, and use ${inCode(twin)} instead.`;
}

/** Undefined where other stages need both, and a copy cannot bring one of them as a link. */
function inContext(
  path: string,
  { twin = "", files }: Saving,
  { later }: SavingLayers,
  fitting: FittingLink,
): string | undefined {
  const which = files === 1 ? "One of both" : "One of each two";
  const link = isFolder(later.instruction)
    ? `be a symbolic link to the other, such as to ${inCode(relative(path, twin))}, which line ${later.line} copies as one`
    : undefined;
  if (fitting === "relative") return link && `${which} can ${link}.`;
  const or = link === undefined ? "" : `, or ${link}`;
  return `${which} can be taken out of the build context${or}.`;
}

/** A link that a `RUN` makes in the place of what it has written takes no room. */
function linkedByRun(path: string, saving: Saving, about: SavingLayers): string | undefined {
  const { twin = "", files } = saving;
  const { first, later, chain } = about;
  const fitting = fittingLink(saving, about);
  // Another name of a file of a layer below would take that up, with all its bytes.
  if (fitting === "none" && first !== later) return undefined;
  const [from, to] = [quoted(twin), quoted(path)];
  const place = fitting === "relative" ? quoted(relative(path, twin)) : from;
  const isHard = fitting === "none";
  const link = `ln ${isHard ? "-f" : "-sf"} ${place} ${to}`;
  const inPlace = `ln ${isHard ? "" : "-s "}${place} ${to}`;
  const run = shellRun(later);
  const command =
    run && (linkedInstead(run.command, [from, to], inPlace) ?? inOneCommand([run.command, link]));
  if (files === 1 && run !== undefined && command !== undefined && !hasOtherShell(chain)) {
    return ["RUN", ...run.flags, command].join(" ");
  }
  return `Let line ${later.line} make links of them, such as by ${inCode(link)}.`;
}

/** A link in the place of the command that copies; undefined where none is seen to. */
function linkedInstead(
  command: string,
  [from, to]: readonly [string, string],
  link: string,
): string | undefined {
  const commands = plainList(command) ?? [];
  const at = commands.findIndex((each) => {
    const [, source, target] = COPIES.exec(each) ?? [];
    return source === from && target === to;
  });
  return at === -1 ? undefined : commands.with(at, link).join(" && ");
}

/** Another name of a file of a layer below is a copy too. */
const COPIES = /^(?:cp(?:\s+-[afpv]+)*|ln)\s+(\S+)\s+(\S+)$/;

/** Links that are copied by themselves are followed. */
function isFolder(instruction = ""): boolean {
  const [source = "", ...others] = sourcesOf(instruction);
  return others.length === 0 && !/[*?$]/.test(source);
}

function relative(path: string, twin: string): string {
  return posix.relative(posix.dirname(path), twin);
}
