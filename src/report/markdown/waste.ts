import type { GoalResult } from "../../model/goal.ts";
import type { LayerPlace } from "../../model/image.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";
import { formatBytes, plural } from "../format.ts";
import { groupSharedWaste, type SharedWaste } from "../group-waste.ts";
import { moreRowsWords, WASTE_WORDS } from "../waste-words.ts";
import { details, stack, table, unbroken } from "./blocks.ts";
import { lineLink, lineLinks, type Page, pathCode, stageNames } from "./page.ts";

/** So many bytes, or such a part of a stage, are worth a section. */
const LARGE = 100_000;
const LARGE_PART = 0.01;

/** Bytes that no container can see, by the line that wrote them and the one that hid them. */
export function wasteDetails(page: Page, image: ReportImage): string {
  const all = groupSharedWaste(image.stages);
  const groups = all.slice(0, page.detail.waste);
  if (groups.length === 0 || !image.stages.some(isWorthIt)) return "";
  const rows = table(
    [
      { title: "Wasted", align: "right" },
      { title: "Stages" },
      { title: "Written by" },
      { title: "Hidden by" },
      { title: "How" },
      { title: "Largest file" },
    ],
    groups.map((group) => wasteRow(page, image, group)),
  );
  const more = moreRowsWords(all.slice(groups.length));
  const most = Math.max(0, ...image.stages.map(({ wasted = 0 }) => wasted));
  return details(
    `Up to ${formatBytes(most)} of a stage are wasted: no container can see them`,
    stack([rows, more === "" ? "" : `… and ${more}.`]),
  );
}

/** What breaks a goal always is. */
function isWorthIt({ wasted = 0, unpacked = 0, goals }: ReportStage): boolean {
  const isMissed = goals.some(({ verdict, rule }) => verdict === "fail" && WASTE_RULES.has(rule));
  return isMissed || wasted >= LARGE || (wasted > 0 && wasted >= LARGE_PART * unpacked);
}

const WASTE_RULES: ReadonlySet<GoalResult["rule"]> = new Set([
  "max-wasted",
  "max-own-wasted",
  "min-efficiency",
]);

function wasteRow(page: Page, image: ReportImage, group: SharedWaste): readonly string[] {
  const [path] = group.paths;
  const more = group.files - 1;
  const rest = more > 0 ? ` and ${plural(more, "more file")}` : "";
  return [
    unbroken(formatBytes(group.bytes)),
    stageNames(page, image, group.stages),
    placeOf(page, image, group.writtenBy, group.writtenAt),
    placeOf(page, image, group.killedBy, group.killedAt),
    WASTE_WORDS[group.kind],
    path === undefined ? plural(group.files, "file") : `${pathCode(page, path)}${rest}`,
  ];
}

/** Stages can have the same layers from different lines, as those of a base image. */
function placeOf(
  page: Page,
  image: ReportImage,
  { layer }: LayerPlace,
  lines: readonly number[],
): string {
  const [only, ...others] = lines;
  if (only === undefined) return `layer ${layer + 1}`;
  if (others.length > 0) return `lines ${lineLinks(page, image, lines)}`;
  return lineLink(page, image, only, `line ${only}`);
}
