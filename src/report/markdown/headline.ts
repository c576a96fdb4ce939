import type { Verdict } from "../../model/goal.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";
import { formatFew, plural } from "../format.ts";
import { type Obstacle, obstaclesOf } from "../obstacles.ts";
import { headline, obstacleReason, obstacleSentence } from "../sentences.ts";
import { stack } from "./blocks.ts";
import { code, lineLink, type Page, penOf } from "./page.ts";

const MARKS: Readonly<Record<Verdict, string>> = { pass: "✅", fail: "❌", unknown: "❔" };

/** The verdict, what it comes from, and what was looked at. */
export function opening(page: Page): string {
  const { report } = page;
  return stack([
    `### ${MARKS[report.verdict]} ${headline(report, penOf(page))}`,
    obstacleList(page),
    coverage(page),
  ]);
}

/** The obstacles that the headline has not said in full. */
function obstacleList(page: Page): string {
  const [first, ...others] = obstaclesOf(page.report);
  if (first === undefined) return "";
  const pen = penOf(page);
  const reason = obstacleReason(first, pen);
  if (others.length === 0) return reason === undefined ? "" : `Because ${reason}.`;
  const listed = reason === undefined ? others : [first, ...others];
  const lines = listed
    .slice(0, page.detail.obstacles)
    .map((obstacle) => `- ${obstacleLine(page, obstacle)}`);
  const rest = listed.length - lines.length;
  return [...lines, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join("\n");
}

function obstacleLine(page: Page, obstacle: Obstacle): string {
  const pen = penOf(page);
  const words = obstacleSentence(page.report, obstacle, pen);
  const reason = obstacleReason(obstacle, pen);
  return reason === undefined ? words : `${words}, because ${reason}`;
}

/** What was built, for which platform, and whether anything was asked of it. */
function coverage(page: Page): string {
  const { images } = page.report;
  const stages = images.flatMap((image) => image.stages);
  const built = stages.filter((stage) => stage.status === "built");
  const of = built.length === stages.length ? "" : `${built.length} of `;
  const platforms = [...new Set(built.map((stage) => stage.platform))];
  const where =
    platforms.length === 0
      ? ""
      : ` for ${formatFew(
          platforms.map((name) => code(page, name)),
          3,
        )}`;
  const goals = stages.some(hasGoals) || images.some((image) => image.failOnLint !== undefined);
  const unasked = goals ? "" : " No goals are set.";
  return `${of}${plural(stages.length, "stage")} of ${dockerfiles(page, images)} built${where}.${unasked}`;
}

function hasGoals(stage: ReportStage): boolean {
  return stage.goals.length > 0;
}

function dockerfiles(page: Page, images: readonly ReportImage[]): string {
  const [only, ...others] = images;
  if (only === undefined || others.length > 0) return plural(images.length, "Dockerfile");
  return lineLink(page, only, 1, code(page, only.dockerfile));
}
