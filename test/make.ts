// Builders of the nouns for tests: each returns one small, believable value, and takes what the
// test is about as overrides. Nothing here is random, and nothing that can change is shared between calls.
import type { StageBuild } from "../src/model/build.ts";
import type { Finding, ImageFinding } from "../src/model/finding.ts";
import type { GoalResult } from "../src/model/goal.ts";
import type {
  Advice,
  Box,
  DiveFigures,
  InstalledPackage,
  Layer,
  StageImage,
  Waste,
} from "../src/model/image.ts";
import type { MeasuredImage, MeasuredStage, Measurement } from "../src/model/measurement.ts";
import type { Instruction, PlannedImage, Stage } from "../src/model/plan.ts";

/** A goal on severity that a stage misses. */
export const MISSED_ON_HIGH = {
  rule: "fail-on-severity",
  limit: "high",
  actual: "high",
  verdict: "fail",
} as const satisfies GoalResult;

/** `sha256:` and 64 times the digit. */
export function makeDigest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

/** A `RUN` on lines 4 and 5. */
export function makeInstruction(overrides: Partial<Instruction> = {}): Instruction {
  return {
    keyword: "RUN",
    lines: { start: 4, end: 5 },
    text: "RUN pip install --no-cache-dir -r requirements.txt",
    ...overrides,
  };
}

/** The stage `production` of the image `app`, three instructions on an external Python image. */
export function makeStage(overrides: Partial<Stage> = {}): Stage {
  const name = overrides.name ?? "production";
  const line = overrides.line ?? 1;
  return {
    image: "app",
    name,
    index: 0,
    line,
    base: { kind: "image", reference: "python:3.11-slim" },
    needs: [],
    platform: "linux/amd64",
    instructions: [
      makeInstruction({
        keyword: "FROM",
        lines: { start: line, end: line },
        text: `FROM python:3.11-slim AS ${name}`,
      }),
      makeInstruction({
        keyword: "COPY",
        lines: { start: line + 1, end: line + 1 },
        text: "COPY . /app",
      }),
      makeInstruction({ lines: { start: line + 2, end: line + 3 } }),
    ],
    decision: { kind: "build", target: name },
    ...overrides,
  };
}

/** The image `app`, from `Dockerfile`, with one stage. */
export function makePlannedImage(overrides: Partial<PlannedImage> = {}): PlannedImage {
  return {
    name: "app",
    dockerfile: "Dockerfile",
    context: ".",
    text: [
      "FROM python:3.11-slim AS production",
      "COPY . /app",
      "RUN pip install --no-cache-dir \\",
      "  -r requirements.txt",
      "",
    ].join("\n"),
    stages: [makeStage()],
    ...overrides,
  };
}

/** A build that worked, with one step of 3.2 seconds. */
export function makeStageBuild(
  overrides: Partial<Extract<StageBuild, { kind: "built" }>> = {},
): Extract<StageBuild, { kind: "built" }> {
  return {
    kind: "built",
    digest: makeDigest("1"),
    seconds: 3.2,
    steps: [{ line: 3, seconds: 3.2, cached: false }],
    ...overrides,
  };
}

/** An own layer of 30 MB, made on line 3. */
export function makeLayer(overrides: Partial<Layer> = {}): Layer {
  return {
    digest: makeDigest("b"),
    diffId: makeDigest("d"),
    origin: "own",
    unpacked: 30_000_000,
    download: 10_000_000,
    line: 3,
    instruction: "RUN pip install --no-cache-dir -r requirements.txt",
    ...overrides,
  };
}

/** A base layer of 110 MB, from the `FROM` on line 1. */
export function makeBaseLayer(overrides: Partial<Layer> = {}): Layer {
  return makeLayer({
    digest: makeDigest("a"),
    diffId: makeDigest("c"),
    origin: "base",
    unpacked: 110_000_000,
    download: 40_000_000,
    line: 1,
    instruction: "FROM python:3.11-slim AS production",
    ...overrides,
  });
}

/** `numpy`, 20 MB from line 3. */
export function makePackage(overrides: Partial<InstalledPackage> = {}): InstalledPackage {
  return {
    type: "pypi",
    name: "numpy",
    version: "1.26.4",
    bytes: 20_000_000,
    line: 3,
    ...overrides,
  };
}

/** Where the 140 MB of `makeStageImage` are. */
export function makeBoxes(): readonly Box[] {
  return [
    { line: 1, box: "/usr/local/lib", bytes: 110_000_000 },
    { line: 3, box: "pkg:pypi/numpy@1.26.4", bytes: 20_000_000 },
    { line: 3, box: "/app", bytes: 10_000_000 },
  ];
}

/** 20 MB in a file that line 3 wrote and line 5 took away. */
export function makeWaste(overrides: Partial<Waste> = {}): Waste {
  return {
    path: "/root/.cache/pip/http/wheel.body",
    files: 1,
    bytes: 20_000_000,
    kind: "deleted",
    writtenBy: { layer: 1, digest: makeDigest("b"), line: 3 },
    killedBy: { layer: 2, digest: makeDigest("e"), line: 5 },
    ...overrides,
  };
}

/** The 20 MB of `makeWaste`, and how to be rid of them. */
export function makeAdvice(overrides: Partial<Advice> = {}): Advice {
  return {
    rule: "deleted-later",
    bytes: 20_000_000,
    lines: [3, 5],
    message: "Line 5 deletes what line 3 wrote, which every pull still downloads.",
    instead: "RUN pip install -r requirements.txt && rm -rf /root/.cache",
    paths: ["/root/.cache/pip/http/wheel.body"],
    ...overrides,
  };
}

/** An image of 140 MB, 110 MB of them from the base. */
export function makeStageImage(overrides: Partial<StageImage> = {}): StageImage {
  return {
    digest: makeDigest("1"),
    platform: "linux/amd64",
    unpacked: 140_000_000,
    download: 50_002_000,
    own: { unpacked: 30_000_000, download: 10_002_000 },
    base: { unpacked: 110_000_000, download: 40_000_000 },
    layers: [makeBaseLayer(), makeLayer()],
    biggestFiles: [{ path: "/usr/local/lib/libpython3.11.so.1.0", bytes: 5_800_000, line: 1 }],
    biggestFolders: [
      { path: "/usr/local/lib/python3.11/site-packages", bytes: 29_000_000, line: 3 },
    ],
    live: 140_000_000,
    wasted: 0,
    efficiency: 1,
    waste: [],
    packages: [makePackage()],
    boxes: makeBoxes(),
    advice: [],
    ...overrides,
  };
}

/** The same image as `docker save` gives it: how much is downloaded is not known. */
export function makeSavedImage(overrides: Partial<StageImage> = {}): StageImage {
  const { download, ...image } = makeStageImage();
  return { ...image, ...SAVED, ...overrides };
}

/** What is known of the sizes of such an image. */
export const SAVED = {
  downloadUnknown: "docker save gave it unpacked",
  own: { unpacked: 30_000_000 },
  base: { unpacked: 110_000_000 },
  layers: [makeBaseLayer(), makeLayer()].map(({ download, ...layer }) => layer),
};

/** A high vulnerability of `openssl`, on line 1. */
export function makeFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    tool: "trivy",
    ...(overrides.tool === undefined && { kind: "vulnerability" }),
    rule: "CVE-2024-0001",
    severity: "high",
    message: "openssl: denial of service through a crafted certificate",
    help: "https://avd.aquasec.com/nvd/cve-2024-0001",
    line: 1,
    package: "openssl",
    installed: "3.0.11-1",
    fixed: "3.0.13-1",
    cvss: 7.5,
    ...overrides,
  };
}

/** Hadolint's DL3008 as a warning on line 3. */
export function makeLintFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    tool: "hadolint",
    rule: "DL3008",
    severity: "warning",
    message: "Pin versions in apt get install",
    help: "https://github.com/hadolint/hadolint/wiki/DL3008",
    line: 3,
    ...overrides,
  };
}

/** The same vulnerability as `makeFinding`, in the base layer, before its line is known. */
export function makeImageFinding(overrides: Partial<ImageFinding> = {}): ImageFinding {
  return {
    tool: "trivy",
    kind: "vulnerability",
    rule: "CVE-2024-0001",
    severity: "high",
    message: "openssl: denial of service through a crafted certificate",
    help: "https://avd.aquasec.com/nvd/cve-2024-0001",
    package: "openssl",
    installed: "3.0.11-1",
    fixed: "3.0.13-1",
    cvss: 7.5,
    layerDiffId: makeDigest("c"),
    ...overrides,
  };
}

/** A stage that was built, read and scanned, with nothing found. */
export function makeMeasuredStage(overrides: Partial<MeasuredStage> = {}): MeasuredStage {
  return {
    stage: makeStage(),
    build: makeStageBuild(),
    image: makeStageImage(),
    scan: { kind: "checked", findings: [] },
    ...overrides,
  };
}

/** An image of one stage, linted, with nothing found. */
export function makeMeasuredImage(overrides: Partial<MeasuredImage> = {}): MeasuredImage {
  const stages = overrides.stages ?? [makeMeasuredStage()];
  return {
    plan: makePlannedImage({ stages: stages.map((measured) => measured.stage) }),
    lint: {
      hadolint: { kind: "checked", findings: [] },
      buildkit: { kind: "checked", findings: [] },
    },
    ...overrides,
    stages,
  };
}

/** A run over one image of one stage. */
export function makeMeasurement(overrides: Partial<Measurement> = {}): Measurement {
  return { images: [makeMeasuredImage()], ...overrides };
}

/** What dive says of an image in which nothing is dead. */
export function makeDiveFigures(overrides: Partial<DiveFigures> = {}): DiveFigures {
  return {
    efficiency: 1,
    wasted: 0,
    userWasted: 0,
    errors: { keptCopy: 0, smallestCopy: 0, deletedFolder: 0, opaqueFolder: 0 },
    ...overrides,
  };
}
