import type { FindingTool } from "../model/finding.ts";
import type { PlannedImage } from "../model/plan.ts";
import type { Report, ReportImage, ReportStage } from "../model/report.ts";
import { pathInRepository } from "./checkout.ts";
import { lineFingerprints } from "./fingerprint.ts";
import { formatFew } from "./format.ts";
import { hasGivenUp } from "./lint-findings.ts";
import { type WhyNotUploaded, whyWords } from "./not-uploaded.ts";
import { type CategoryKey, sarifCategory, sarifFileNames } from "./sarif/category.ts";
import { sarifProblems } from "./sarif/problems.ts";
import { type SarifDockerfile, sarifResult } from "./sarif/results.ts";
import { sarifRules } from "./sarif/rules.ts";
import { plainText } from "./sarif/text.ts";

/** One SARIF document: what one tool found in one image. */
export interface SarifDocument {
  /** `weighbridge/<image>/<tool>`: see `sarifCategory`. */
  readonly category: string;
  /** Name of its file, of which no two documents share one. */
  readonly fileName: string;
  readonly text: string;
  /** Whether uploading it tells the truth: what it does not have is closed. */
  readonly upload: boolean;
  /** Why not. */
  readonly whyNot?: WhyNotUploaded;
}

/** A Dockerfile as it is on disk, and where its instructions are. */
export type DockerfileSource = Pick<PlannedImage, "name" | "text" | "stages">;

/**
 * Results that are kept of a document, the worst: GitHub takes 25,000 and shows 5,000.
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
const RESULTS = 5_000;

const TOOLS: readonly FindingTool[] = ["hadolint", "buildkit", "trivy"];

/** What code scanning calls a tool. An alert belongs to it: a new name would orphan them all. */
const DRIVERS: Readonly<Record<FindingTool, { name: string; informationUri: string }>> = {
  hadolint: { name: "Hadolint", informationUri: "https://github.com/hadolint/hadolint" },
  buildkit: {
    name: "BuildKit",
    informationUri: "https://docs.docker.com/reference/build-checks/",
  },
  trivy: { name: "Trivy", informationUri: "https://trivy.dev" },
};

/**
 * A document for every image and every tool that was not switched off, one without any result
 * included: it closes the alerts that are gone. The same report gives the same text, so nothing in
 * it says when or of which commit.
 * @param key its `checkout` is the folder of the workspace that holds the repository: paths are those in it
 */
export function renderSarif(
  report: Report,
  sources: readonly DockerfileSource[],
  key: CategoryKey & { readonly checkout?: string },
): readonly SarifDocument[] {
  const documents = report.images.flatMap((image) => {
    const source = sources.find(({ name }) => name === image.name);
    const dockerfile = dockerfileOf(image, source, key.checkout);
    return TOOLS.filter((tool) => isOn(report, image, tool)).map((tool) => {
      const category = sarifCategory(report, image, tool, key);
      const whyNot = whyNotUploaded(image, tool);
      const run = runOf(report, image, tool, { category, dockerfile, whyNot });
      const text = `${JSON.stringify({ ...FRAME, runs: [run] }, undefined, 2)}\n`;
      const upload = whyNot === undefined ? { upload: true } : { upload: false, whyNot };
      return { category, text, ...upload };
    });
  });
  const names = sarifFileNames(documents.map(({ category }) => category));
  return documents.map((document, at) => ({ ...document, fileName: names[at] ?? "" }));
}

const FRAME = {
  $schema: "https://json.schemastore.org/sarif-2.1.0.json",
  version: "2.1.0",
} as const;

/** A scan is off where it is off for what was built; where nothing was, Trivy is there if it was asked for. */
function isOn({ tools }: Report, image: ReportImage, tool: FindingTool): boolean {
  if (tool !== "trivy") return image[tool].status !== "off";
  const built = image.stages.filter(isBuilt);
  if (built.length === 0) return tools.trivy !== undefined;
  return built.some(({ scan }) => scan.status !== "off");
}

/**
 * Hadolint reads the whole Dockerfile, whatever is built of it. A scan needs every stage that is wanted,
 * and so do BuildKit's checks, some of which are made while it builds.
 */
function whyNotUploaded(image: ReportImage, tool: FindingTool): WhyNotUploaded | undefined {
  if (/^(\.\.|\/)/.test(image.dockerfile)) {
    return { what: "the Dockerfile is outside of the repository" };
  }
  if (tool !== "trivy") {
    const { status, reason = status } = image[tool];
    if (status !== "checked") return { what: "the Dockerfile was not checked", said: reason };
    if (tool === "hadolint") return hasGivenUp(image) ? GIVEN_UP : undefined;
  }
  const wanted = image.stages.filter(({ leftOut }) => leftOut !== true);
  if (wanted.length === 0) return { what: "no stage of it was asked for" };
  const needsScan = tool === "trivy";
  const missing = wanted.filter((stage) => {
    return !isBuilt(stage) || (needsScan && stage.scan.status !== "checked");
  });
  const [first] = missing;
  if (first === undefined) return undefined;
  const { status, scan } = first;
  const names = missing.filter((stage) => WHAT[stage.status] === WHAT[status]);
  const [noun, verb] = names.length === 1 ? ["stage", "was"] : ["stages", "were"];
  const shown = formatFew(
    names.map(({ name }) => name),
    3,
  );
  return {
    what: `the ${noun} ${shown} ${verb} ${WHAT[status]}`,
    ...(status === "built" && { said: scan.reason ?? scan.status }),
    otherwise: "alerts that may still be true would be closed",
  };
}

const GIVEN_UP: WhyNotUploaded = {
  what: "Hadolint could not read the Dockerfile to its end",
  otherwise: "alerts that may still be true would be closed",
};

const WHAT = {
  built: "not scanned",
  failed: "not built",
  skipped: "not built",
} as const;

function isBuilt({ status }: ReportStage): boolean {
  return status === "built";
}

function dockerfileOf(
  image: ReportImage,
  source: DockerfileSource | undefined,
  checkout = "",
): SarifDockerfile {
  const stages = source?.stages ?? [];
  const path = pathInRepository(image.dockerfile, checkout).toWellFormed();
  return {
    uri: path.split("/").map(encodeURIComponent).join("/"),
    fingerprints: source === undefined ? [] : lineFingerprints(source.text),
    instructions: stages.flatMap((stage) => stage.instructions.map(({ lines }) => lines)),
  };
}

interface RunFacts {
  readonly category: string;
  readonly dockerfile: SarifDockerfile;
  readonly whyNot: WhyNotUploaded | undefined;
}

function runOf(
  report: Report,
  image: ReportImage,
  tool: FindingTool,
  { category, dockerfile, whyNot }: RunFacts,
): object {
  const problems = sarifProblems(image, tool).slice(0, RESULTS);
  const rules = sarifRules(problems);
  const indices = new Map(rules.map(({ id }, at) => [id, at]));
  const version = versionOf(report, tool);
  return {
    tool: {
      driver: { ...DRIVERS[tool], ...(version === undefined ? {} : { version }), rules },
    },
    // The slash at its end makes all before it the category.
    automationDetails: { id: `${category}/` },
    invocations: [invocationOf(whyNot)],
    columnKind: "utf16CodeUnits",
    results: problems.map((problem) => sarifResult(problem, indices, dockerfile)),
  };
}

/** Inside of Docker, BuildKit has no version of its own. */
function versionOf({ tools }: Report, tool: FindingTool): string | undefined {
  const { docker } = tools;
  return tools[tool] ?? (tool === "buildkit" ? docker : undefined);
}

/** A document that is not whole says so itself. */
function invocationOf(whyNot: WhyNotUploaded | undefined): object {
  if (whyNot === undefined) return { executionSuccessful: true };
  const message = { text: plainText(`Not complete: ${whyWords(whyNot)}.`) };
  return {
    executionSuccessful: false,
    toolExecutionNotifications: [{ level: "error", message }],
  };
}
