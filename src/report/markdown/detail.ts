/** How much a rendering shows. All numbers are counts of rows or lines, but `text`. */
export interface Detail {
  /** Obstacles listed below the headline. */
  readonly obstacles: number;
  /** Rows of stages, over all images. */
  readonly stages: number;
  /** Failed stages whose output is shown, and lines of it each. */
  readonly failures: number;
  readonly outputLines: number;
  /** Files with secrets, over all images. */
  readonly secrets: number;
  /** Packages of each image to be updated for a goal on severity. */
  readonly updates: number;
  /** Stages that missed a goal on size, of which the biggest is shown at once. */
  readonly reasons: number;
  /** Stages of which the biggest is shown when it is asked for. */
  readonly biggest: number;
  /** Layers, files and folders of each of these. */
  readonly rows: number;
  /** Savings, and groups of dead bytes, of each image. */
  readonly advice: number;
  readonly waste: number;
  /** Problems of the scan and of the linters, over all images. */
  readonly findings: number;
  readonly lint: number;
  /** Steps of each stage. None: nor how long its build took. */
  readonly steps: number;
  readonly notes: number;
  /** Characters of any one text that is not ours, and of any path. */
  readonly text: number;
  readonly path: number;
  /** Whether there is room for the lesser: problems below medium, sections of what is well. */
  readonly isWhole: boolean;
}

/** Everything that is worth a look. */
const ALL: Detail = {
  obstacles: 20,
  stages: 1_000,
  failures: 20,
  outputLines: 200,
  secrets: 200,
  updates: 200,
  reasons: 3,
  biggest: 400,
  rows: 20,
  advice: 100,
  waste: 100,
  findings: 20_000,
  lint: 5_000,
  steps: 200,
  notes: 30,
  text: 200,
  path: 4_096,
  isWhole: true,
};

/** What a comment has room for. */
const COMMENT: Detail = {
  ...ALL,
  ...{
    stages: 100,
    outputLines: 30,
    secrets: 10,
    updates: 10,
    biggest: 3,
    rows: 5,
    advice: 4,
    waste: 5,
  },
  ...{ findings: 40, lint: 30, steps: 0, notes: 10, path: 72, isWhole: false },
};

/** From all that a reader may want to what no reader can do without. */
export const COMMENT_DETAILS: readonly Detail[] = [
  COMMENT,
  {
    ...COMMENT,
    ...{ outputLines: 20, updates: 8, biggest: 2, rows: 4, findings: 30, lint: 20, text: 120 },
  },
  {
    ...COMMENT,
    ...{
      obstacles: 8,
      stages: 80,
      failures: 3,
      outputLines: 12,
      secrets: 8,
      updates: 5,
      reasons: 2,
    },
    ...{ biggest: 0, rows: 4, advice: 3, waste: 0, findings: 15, lint: 10, notes: 6, text: 100 },
  },
  {
    ...COMMENT,
    ...{
      obstacles: 4,
      stages: 40,
      failures: 2,
      outputLines: 8,
      secrets: 5,
      updates: 2,
      reasons: 1,
    },
    ...{ biggest: 0, rows: 3, advice: 1, waste: 0, findings: 5, lint: 5, notes: 3, text: 60 },
  },
  {
    ...COMMENT,
    ...{
      obstacles: 2,
      stages: 12,
      failures: 1,
      outputLines: 4,
      secrets: 3,
      updates: 0,
      reasons: 0,
    },
    ...{
      biggest: 0,
      rows: 0,
      advice: 0,
      waste: 0,
      findings: 0,
      lint: 0,
      notes: 0,
      text: 40,
      path: 40,
    },
  },
];

/** Of a run that passed a reader wants to see that it did, and what would be easy to gain. */
export const PASSED_DETAILS: readonly Detail[] = [
  { ...COMMENT, biggest: 1, advice: 3, waste: 0, findings: 10, lint: 10, notes: 5 },
  ...COMMENT_DETAILS.slice(2),
];

/** The summary has everything, as long as there is room for it. */
export const SUMMARY_DETAILS: readonly Detail[] = [
  ALL,
  {
    ...ALL,
    updates: 50,
    findings: 3_000,
    lint: 1_000,
    biggest: 200,
    rows: 10,
    waste: 20,
    path: 200,
  },
  {
    ...ALL,
    ...{
      updates: 20,
      findings: 1_000,
      lint: 500,
      biggest: 50,
      rows: 10,
      steps: 20,
      waste: 10,
      path: 200,
    },
  },
  ...COMMENT_DETAILS,
];
