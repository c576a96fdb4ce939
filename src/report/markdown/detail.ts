/** How much a rendering shows. All are counts of rows or lines, but `text`. */
export interface Detail {
  /** Obstacles listed below the headline. */
  readonly obstacles: number;
  /** Rows of stages, over all images. */
  readonly stages: number;
  /** Failed stages whose output is shown, and lines of it each. */
  readonly failures: number;
  readonly outputLines: number;
  /** Stages that missed a goal on size, of which the biggest is shown at once. */
  readonly reasons: number;
  /** Stages of which the biggest is shown when it is asked for. */
  readonly biggest: number;
  /** Layers, files and folders of each of these. */
  readonly rows: number;
  /** Problems of the scan and of the linters, over all images. */
  readonly findings: number;
  readonly lint: number;
  /** Steps of each stage. */
  readonly steps: number;
  readonly notes: number;
  /** Characters of any one text that is not ours. */
  readonly text: number;
}

/** The comment, from all that a reader may want to what no reader can do without. */
export const COMMENT_DETAILS: readonly Detail[] = [
  detail({ findings: 60, lint: 40, biggest: 20, rows: 5, steps: 0, outputLines: 30 }),
  detail({ findings: 30, lint: 20, biggest: 10, rows: 4, steps: 0, outputLines: 20, text: 120 }),
  detail({
    ...{ findings: 15, lint: 10, biggest: 0, reasons: 2, rows: 4, steps: 0, outputLines: 12 },
    ...{ text: 100, stages: 80, obstacles: 8, failures: 3, notes: 6 },
  }),
  detail({
    ...{ findings: 5, lint: 5, biggest: 0, reasons: 1, rows: 3, steps: 0, outputLines: 8 },
    ...{ text: 60, stages: 40, obstacles: 4, failures: 2, notes: 3 },
  }),
  detail({
    ...{ findings: 0, lint: 0, biggest: 0, reasons: 0, rows: 0, steps: 0, outputLines: 4 },
    ...{ text: 40, stages: 12, obstacles: 2, failures: 1, notes: 0 },
  }),
];

/** The summary: everything, as long as a step's summary may be. */
export const SUMMARY_DETAILS: readonly Detail[] = [
  detail({}),
  detail({ findings: 1_500, lint: 500, biggest: 100, rows: 10 }),
  ...COMMENT_DETAILS,
];

function detail(overrides: Partial<Detail>): Detail {
  return {
    obstacles: 20,
    stages: 400,
    failures: 20,
    outputLines: 200,
    reasons: 3,
    biggest: 400,
    rows: 20,
    findings: 20_000,
    lint: 5_000,
    steps: 200,
    notes: 30,
    text: 200,
    ...overrides,
  };
}
