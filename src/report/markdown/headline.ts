import type { ReportImage, ReportStage, Verdict } from "../../model.ts";
import { plural } from "../format.ts";
import { obstaclesOf } from "../obstacles.ts";
import { headline, obstacleReason, obstacleSentence } from "../sentences.ts";
import { few, stack } from "./blocks.ts";
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

/** Every obstacle, unless the headline has said the only one in full. */
function obstacleList(page: Page): string {
  const obstacles = obstaclesOf(page.report);
  const pen = penOf(page);
  const lines = obstacles.slice(0, page.detail.obstacles).map((obstacle) => {
    const reason = obstacleReason(obstacle, pen);
    const words = obstacleSentence(page.report, obstacle, pen);
    return `- ${words}${reason === undefined ? "" : `: ${reason}`}`;
  });
  const [first] = obstacles;
  if (first === undefined) return "";
  if (obstacles.length === 1 && obstacleReason(first, pen) === undefined) return "";
  const rest = obstacles.length - lines.length;
  return [...lines, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join("\n");
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
      : ` for ${few(
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
