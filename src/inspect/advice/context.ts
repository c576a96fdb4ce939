import type { Saving } from "../savings/saving.ts";
import { contextSource } from "./context-source.ts";
import { copySource, isInstalledFolder, isInstalledHere } from "./copy-source.ts";
import { type FailingDeletion, failingDeletions } from "./deletions.ts";
import { ignoreFile, ignoreNotes } from "./ignore-file.ts";
import {
  isGoneUnused,
  isInstalledIn,
  isMissedByOthers,
  NODE_MODULES,
  packageFolder,
} from "./installed-in.ts";
import { isCopiedByName, isNeededLater, linesThatMayNeed, lineThatNeeds } from "./needed.ts";
import { stagedContext } from "./staged-context.ts";
import { type AdviceWords, capital, inCode, listed, madeBy, type SavingLayers } from "./words.ts";

/** Tests and manuals are at home in stages for those who write the program. */
const FOR_DEVELOPERS = ["test", "tests", "__tests__", "docs", "coverage", "*.map"];

/** A line copies what lies beside sources, and is not needed to run what is made of them. */
export function contextWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { subject = "", laterLayer } = saving;
  const { first, isLast, image } = about;
  // What is in an archive or comes from elsewhere, no .dockerignore keeps away.
  if (copySource(first) !== "context") return stagedWords(saving, about);
  const isDead = laterLayer !== undefined;
  // Where nothing installs what is in a folder of packages, it is copied since it is needed.
  if (isInstalledFolder(subject) && !isHadWithout(saving, about)) return undefined;
  if (!isDead && !isLast && FOR_DEVELOPERS.includes(subject)) return undefined;
  // The build would fail without it, or what is built.
  if (isCopiedByName(subject, image.stages)) return undefined;
  if (!isDead && isNeededLater(subject, about.chain)) return undefined;
  const failing = failingDeletions(subject, image.stages);
  if (failing.some(({ operand }) => operand === undefined)) return undefined;
  const message = whatIsWrong(saving, about);
  const needing = lineThatNeeds(subject, image.stages);
  if (needing !== undefined) {
    const instead = `Copy it in an earlier stage, for what line ${needing} does, and ${inCode("COPY --from")} that only what a container needs.`;
    return { message, instead };
  }
  const sentences = [
    message,
    ...goneElsewhere(subject),
    ...failing.map(leftOutWords),
    ...maybeUsed(subject, about),
  ];
  return ignoring(sentences, saving, about);
}

/** Whether the image has packages without the copy that has them, or nothing that is run misses them. */
function isHadWithout(saving: Saving, about: SavingLayers): boolean {
  const { subject = "", laterLayer, paths } = saving;
  const isDead = laterLayer !== undefined;
  if (subject !== NODE_MODULES) return isDead || isInstalledHere(subject, about);
  const folder = packageFolder(paths[0] ?? "");
  if (folder === undefined) return false;
  if (isMissedByOthers(about)) return false;
  return isInstalledIn(folder, about) || (isDead && isGoneUnused(about));
}

/** What a stage has that another one copied out of the build context with all else. */
function stagedWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { subject = "", laterLayer, paths } = saving;
  const { first, isLast, image } = about;
  const isShipped = isLast || !FOR_DEVELOPERS.includes(subject);
  // All others may have been made there.
  if (laterLayer !== undefined || !isShipped || !LIES_BESIDE_SOURCES.includes(subject))
    return undefined;
  if (isNeededLater(subject, about.chain)) return undefined;
  const origins = paths.map((path) => stagedContext(path, about));
  const [origin] = origins;
  if (origin === undefined || origins.some((each) => each?.line !== origin.line)) return undefined;
  const { stage, line } = origin;
  const where = `stage ${inCode(stage.name)}`;
  const message = `${capital(madeBy(first))} copies ${inCode(subject)} from ${where}, which has it by line ${line} out of the build context: a program seldom needs it to run.`;
  const needing = lineThatNeeds(subject, image.stages);
  const isNeeded = needing !== undefined || isCopiedByName(subject, image.stages);
  if (isNeeded || failingDeletions(subject, image.stages).length > 0) {
    const by = needing === undefined ? "" : `, for what line ${needing} does`;
    const instead = `Leave it in ${where}${by}, and copy from there only what a container needs.`;
    return { message, instead };
  }
  const sentences = [message, ...goneElsewhere(subject), ...maybeUsed(subject, about)];
  return ignoring(sentences, saving, about);
}

const LIES_BESIDE_SOURCES = [".git", "test", "tests", "__tests__", "docs"];

/** What is called so in another folder goes too, but for packages: those may be had from nowhere else. */
function ignoring(
  sentences: readonly string[],
  { subject = "", paths: [path = ""] }: Saving,
  about: SavingLayers,
): AdviceWords {
  const { first, image } = about;
  const folder = subject === NODE_MODULES ? packageFolder(path) : undefined;
  const source = folder === undefined ? undefined : contextSource(folder, about);
  const ignored = { subject, ...(source !== undefined && { source }) };
  const message = [...sentences, ...ignoreNotes(ignored, image)].join(" ");
  const isPlain = source !== undefined && /^[\w@%+=:,./-]+$/.test(source);
  if (folder !== undefined && !isPlain) {
    const where = ignoreFile(ignored, image, "in");
    const instead = `Keep ${inCode(folder)} out of what line ${first.line} copies, by a line ${where}.`;
    return { message, instead };
  }
  const pattern = inCode(source ?? `**/${subject}`);
  return { message, instead: `Write ${pattern} ${ignoreFile(ignored, image, "into")}.` };
}

/** What is called so in other folders of the build context is not counted: it may be needed. */
function goneElsewhere(subject: string): readonly string[] {
  const isAmbiguous = FOR_DEVELOPERS.includes(subject);
  return isAmbiguous ? [`What else is called ${inCode(subject)} there goes too.`] : [];
}

/** That lines may use it, as far as can be told without what they run. */
function maybeUsed(subject: string, { image }: SavingLayers): readonly string[] {
  const lines = linesThatMayNeed(subject, image.stages);
  if (lines.length === 0) return [];
  const [which, run] = lines.length > 1 ? ["lines", "run"] : ["line", "runs"];
  return [
    `Look first whether what ${which} ${listed(lines.map(String))} ${run} uses it: the Dockerfile does not say.`,
  ];
}

/** That a line is not to delete what is not there any more. */
export function leftOutWords({ line, operand = "" }: FailingDeletion): string {
  return `Leave ${inCode(operand)} out of what line ${line} deletes, which would fail without it.`;
}

function whatIsWrong({ subject = "", laterLayer }: Saving, { first, later }: SavingLayers): string {
  const copies = `${capital(madeBy(first))} copies ${inCode(subject)} out of the build context`;
  if (laterLayer === undefined) return `${copies}, which a program seldom needs to run.`;
  return `${copies}, and line ${later.line} takes it away, but the layer still carries it.`;
}
