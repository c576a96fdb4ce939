import type { Finding } from "../model/finding.ts";
import type { GoalResult, LintGoalResult } from "../model/goal.ts";
import type {
  Advice,
  Box,
  InstalledPackage,
  Layer,
  LayerPlace,
  PathSize,
  Sizes,
  Waste,
} from "../model/image.ts";
import type {
  CheckStatus,
  Failure,
  Report,
  ReportImage,
  ReportStage,
  ReportStep,
} from "../model/report.ts";
import { jsonText } from "./json-text.ts";

type Keys<T> = readonly (keyof T & string)[];

/**
 * The report as JSON, for people and programs: two spaces, one line feed at the end. Its keys are
 * always in the same order and always those of `schema/report.schema.json`, whatever the values
 * carry besides.
 */
export function renderJson(report: Report): string {
  const ordered = { ...pick(report, REPORT), tools: sorted(report.tools) };
  return jsonText({ ...ordered, images: report.images.map(imageOf) });
}

function imageOf(image: ReportImage): object {
  return {
    ...pick(image, IMAGE),
    hadolint: pick(image.hadolint, STATUS),
    buildkit: pick(image.buildkit, STATUS),
    ...(image.failOnLint === undefined ? {} : { failOnLint: pick(image.failOnLint, LINT_GOAL) }),
    findings: image.findings.map(findingOf),
    stages: image.stages.map(stageOf),
  };
}

function stageOf(stage: ReportStage): object {
  return {
    ...pick(stage, STAGE),
    ...(stage.own === undefined ? {} : { own: pick(stage.own, SIZES) }),
    ...(stage.base === undefined ? {} : { base: pick(stage.base, SIZES) }),
    ...(stage.failure === undefined ? {} : { failure: pick(stage.failure, FAILURE) }),
    steps: stage.steps.map((step) => pick(step, STEP)),
    layers: stage.layers.map((layer) => pick(layer, LAYER)),
    biggestFiles: stage.biggestFiles.map((file) => pick(file, PATH_SIZE)),
    biggestFolders: stage.biggestFolders.map((folder) => pick(folder, PATH_SIZE)),
    waste: stage.waste.map(wasteOf),
    packages: stage.packages.map((installed) => pick(installed, PACKAGE)),
    boxes: stage.boxes.map((box) => pick(box, BOX)),
    advice: stage.advice.map((advice) => pick(advice, ADVICE)),
    goals: stage.goals.map((goal) => pick(goal, GOAL)),
    scan: pick(stage.scan, STATUS),
    findings: stage.findings.map(findingOf),
  };
}

function wasteOf(waste: Waste): object {
  return {
    ...pick(waste, WASTE),
    writtenBy: pick(waste.writtenBy, PLACE),
    killedBy: pick(waste.killedBy, PLACE),
  };
}

function findingOf(finding: Finding): object {
  const { killedBy } = finding;
  return { ...pick(finding, FINDING), ...(killedBy && { killedBy: pick(killedBy, PLACE) }) };
}

/** These keys in this order; what is undefined is left out by JSON itself. */
function pick<T extends object>(value: T, keys: Keys<T>): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, value[key]]));
}

function sorted(tools: Report["tools"]): Report["tools"] {
  return Object.fromEntries(Object.entries(tools).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const REPORT: Keys<Report> = ["version", "name", "verdict", "commit", "tools", "notes", "images"];

const IMAGE: Keys<ReportImage> = [
  "name",
  "dockerfile",
  "context",
  "contextBytes",
  "hadolint",
  "buildkit",
  "failOnLint",
  "findings",
  "stages",
];

const STAGE: Keys<ReportStage> = [
  "image",
  "name",
  "index",
  "line",
  "platform",
  "status",
  "reason",
  "leftOut",
  "failedNeeds",
  "failure",
  "digest",
  "unpacked",
  "download",
  "downloadUnknown",
  "own",
  "base",
  "live",
  "wasted",
  "efficiency",
  "seconds",
  "steps",
  "layers",
  "biggestFiles",
  "biggestFolders",
  "waste",
  "packages",
  "boxes",
  "advice",
  "goals",
  "scan",
  "findings",
];

const STATUS: Keys<CheckStatus> = ["status", "reason"];
const SIZES: Keys<Sizes> = ["unpacked", "download"];
const STEP: Keys<ReportStep> = ["line", "instruction", "seconds", "cached", "failed"];
const FAILURE: Keys<Failure> = ["line", "instruction", "output", "telling"];
const PATH_SIZE: Keys<PathSize> = ["path", "bytes", "line"];
const WASTE: Keys<Waste> = ["path", "files", "bytes", "kind", "writtenBy", "killedBy"];
const PLACE: Keys<LayerPlace> = ["layer", "digest", "line"];
const PACKAGE: Keys<InstalledPackage> = ["type", "name", "version", "bytes", "line"];
const BOX: Keys<Box> = ["line", "box", "bytes"];
const ADVICE: Keys<Advice> = ["rule", "bytes", "lines", "message", "instead", "paths"];
const LINT_GOAL: Keys<LintGoalResult> = ["limit", "actual", "verdict", "reason"];
const GOAL: Keys<GoalResult> = ["rule", "limit", "actual", "original", "verdict", "reason"];

const LAYER: Keys<Layer> = [
  "digest",
  "diffId",
  "unpacked",
  "download",
  "origin",
  "line",
  "instruction",
];

const FINDING: Keys<Finding> = [
  "tool",
  "kind",
  "rule",
  "severity",
  "message",
  "title",
  "line",
  "package",
  "installed",
  "fixed",
  "outlook",
  "path",
  "killedBy",
  "cvss",
  "help",
];
