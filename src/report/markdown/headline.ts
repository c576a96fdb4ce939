import type { Finding } from "../../model/finding.ts";
import type { Verdict } from "../../model/goal.ts";
import type { Report, ReportImage } from "../../model/report.ts";
import { isOfScan, scanCounts } from "../counts.ts";
import { firstLook } from "../first-look.ts";
import { formatFew, plural } from "../format.ts";
import { findingsOf, groupScanFindings } from "../group-findings.ts";
import { missedWords } from "../missed-words.ts";
import { isMissing, type Obstacle } from "../obstacles.ts";
import { fixWords, isSecret } from "../remedy.ts";
import { headline, obstacleReason, obstacleSentence, stageWords } from "../sentences.ts";
import { isAtLeast } from "../severity-order.ts";
import { stack } from "./blocks.ts";
import { code, lineLink, type Page, penOf, sentence } from "./page.ts";

const MARKS: Readonly<Record<Verdict, string>> = { pass: "✅", fail: "❌", unknown: "❔" };

/** What else stands in the way, where failed builds come first. */
export function otherObstacles(page: Page): string {
  return hasFailures(page) ? obstacleList(page) : "";
}

function hasFailures({ selection }: Page): boolean {
  return selection.failures.size > 0;
}

/** The verdict, what it comes from, what follows from it, and what was looked at. */
export function opening(page: Page): string {
  const { report } = page;
  return stack([
    `### ${MARKS[report.verdict]} ${name(page)}${headline(report, page.secrets, penOf(page))}`,
    hasFailures(page) ? "" : obstacleList(page),
    consequence(page),
    [coverage(page), foundAnyway(page)].filter((text) => text !== "").join(" "),
  ]);
}

/**
 * Several reports on one pull request are told apart: by the name that the user gave, or by the only
 * Dockerfile where it is not the plain one. Of several Dockerfiles all stages are named with theirs.
 */
function name(page: Page): string {
  const { name: reportName, images } = page.report;
  const [only, ...others] = images;
  const isTold = others.length === 0 && only?.dockerfile !== "Dockerfile";
  return page.facts.nameIsGiven || isTold ? `${code(page, reportName)} · ` : "";
}

/** The obstacles that neither the headline nor the failures below it say in full. */
function obstacleList(page: Page): string {
  const { obstacles } = page;
  const [first, ...others] = obstacles;
  if (first === undefined) return "";
  const reason = obstacleReason(first, penOf(page));
  if (others.length === 0) {
    const look = lookWords(page, first);
    if (look !== "") return `${look[0]?.toUpperCase()}${look.slice(1)}.`;
    return reason === undefined ? "" : `Because ${reason}.`;
  }
  const listed = obstacles.filter((obstacle) => !isShownBelow(page, obstacle));
  const farthest = listed.find(isOnSize);
  const look = farthest === undefined ? "" : lookWords(page, farthest);
  const groups = alike(listed, look === "" ? undefined : farthest);
  // A line that says that there is one more takes the room of that one.
  const room = page.detail.obstacles;
  const shown = groups.length === room + 1 ? groups : groups.slice(0, room);
  const lines = shown.map((group) => {
    const more = look !== "" && group[0] === farthest ? `; ${look}` : "";
    return `- ${groupLine(page, group)}${more}`;
  });
  const rest = listed.length - shown.flat().length;
  return [...lines, ...(rest > 0 ? [`- … and ${plural(rest, "more reason")}`] : [])].join("\n");
}

/** Obstacles of which the very same is to be said, but for the stage, together. */
function alike(
  obstacles: readonly Obstacle[],
  apart: Obstacle | undefined,
): readonly (readonly Obstacle[])[] {
  const groups = Map.groupBy(obstacles, (obstacle) => {
    const isAlone = obstacle === apart || obstacle.kind !== "goal-missed";
    return isAlone ? obstacle : missedWords(obstacle.stage, obstacle.goal, obstacle.also);
  });
  return [...groups.values()];
}

/** So many stages are named that miss a goal alike. */
const MOST_ALIKE = 4;

function groupLine(page: Page, group: readonly Obstacle[]): string {
  const [first, ...others] = group;
  if (first === undefined) return "";
  if (first.kind !== "goal-missed" || others.length === 0) return obstacleLine(page, first);
  const stages = group.flatMap((each) => (each.kind === "goal-missed" ? [each.stage] : []));
  const names = stages.map((stage) => stageWords(page.report, stage, penOf(page)));
  return `${formatFew(names, MOST_ALIKE)}: ${missedWords(first.stage, first.goal, first.also)}`;
}

function isShownBelow({ selection }: Page, obstacle: Obstacle): boolean {
  if (obstacle.kind !== "stages-failed") return false;
  return obstacle.stages.some((stage) => selection.failures.has(stage));
}

function obstacleLine(page: Page, obstacle: Obstacle): string {
  const pen = penOf(page);
  const words = obstacleSentence(page.report, obstacle, pen);
  const reason = obstacleReason(obstacle, pen);
  return reason === undefined ? words : `${words}, because ${reason}`;
}

function isOnSize(obstacle: Obstacle): boolean {
  return obstacle.kind === "goal-missed" && obstacle.goal.rule !== "fail-on-severity";
}

/** What to look at first, beside the miss that is farthest from its goal. */
function lookWords(page: Page, obstacle: Obstacle): string {
  if (obstacle.kind !== "goal-missed") return "";
  const image = page.report.images.find(({ stages }) => stages.includes(obstacle.stage));
  return firstLook(obstacle.stage, obstacle.goal, (line, words) =>
    image === undefined ? words : lineLink(page, image, line, words),
  );
}

/** What the verdict does to the step, where it is not what its mark says. */
function consequence({ report, facts }: Page): string {
  const isBroken = report.images.some(({ stages }) => stages.some(isMissing));
  if (facts.fail === undefined || isBroken || report.verdict === "pass") return "";
  if (!facts.fail) return "The step passes all the same: `fail` is `false`, goals only advise.";
  if (report.verdict === "fail") return "";
  return facts.onUnknown === "warn"
    ? "The step passes all the same: `on-unknown` is `warn`."
    : "The step fails, as `on-unknown` is `fail`.";
}

/** What was built, for which platform, and whether anything was asked of it. */
function coverage(page: Page): string {
  const { images } = page.report;
  const stages = images.flatMap((image) => image.stages).filter(({ leftOut }) => leftOut !== true);
  const built = stages.filter((stage) => stage.status === "built");
  if (built.length === 0) return "";
  const of = built.length === stages.length ? "" : `${built.length} of `;
  const platforms = [...new Set(built.map((stage) => stage.platform))];
  const where = formatFew(
    platforms.map((platform) => code(page, platform)),
    3,
  );
  const unasked = page.report.verdict === "pass" && !hasGoals(page.report);
  const words = `${of}${plural(stages.length, "stage")} of ${dockerfiles(page, images)} built for ${where}.`;
  return unasked ? `${words} No goal is set for ${stages.length === 1 ? "it" : "them"}.` : words;
}

function hasGoals({ images }: Report): boolean {
  return images.some(
    ({ stages, failOnLint }) =>
      failOnLint !== undefined || stages.some(({ goals }) => goals.length > 0),
  );
}

/** What no goal is on, and a reader of a green report may still want to know. Secrets stand below. */
function foundAnyway(page: Page): string {
  if (page.report.verdict !== "pass") return "";
  const groups = page.report.images.flatMap((image) => groupScanFindings(image.stages));
  const grave = findingsOf(groups).filter((finding) => isGrave(finding) && !isSecret(finding));
  if (grave.length === 0) return "";
  const fixes = fixWords(grave);
  const aside = fixes === "" ? "" : ` (${fixes})`;
  return `The scan found ${sentence(page, scanCounts(grave))}${aside}. No goal counts ${grave.length === 1 ? "it" : "them"}.`;
}

function isGrave(finding: Finding): boolean {
  return isOfScan(finding) && isAtLeast(finding, "high");
}

function dockerfiles(page: Page, images: readonly ReportImage[]): string {
  const [only, ...others] = images;
  if (only === undefined || others.length > 0) return plural(images.length, "Dockerfile");
  return lineLink(page, only, 1, code(page, only.dockerfile));
}
