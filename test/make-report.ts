// Builders of what a report says, for tests: see make.ts.

import type { Report, ReportImage, ReportStage } from "../src/model/report.ts";

import { makeBaseLayer, makeBoxes, makeDigest, makeLayer, makePackage, SAVED } from "./make.ts";

/** The stage `production` as the report tells it: built, 140 MB, no goals, no findings. */
export function makeReportStage(overrides: Partial<ReportStage> = {}): ReportStage {
  return {
    image: "app",
    name: "production",
    index: 0,
    line: 1,
    platform: "linux/amd64",
    status: "built",
    digest: makeDigest("1"),
    unpacked: 140_000_000,
    download: 50_002_000,
    own: { unpacked: 30_000_000, download: 10_002_000 },
    base: { unpacked: 110_000_000, download: 40_000_000 },
    live: 140_000_000,
    wasted: 0,
    efficiency: 1,
    seconds: 3.2,
    steps: [{ line: 3, seconds: 3.2, cached: false }],
    layers: [makeBaseLayer(), makeLayer()],
    biggestFiles: [{ path: "/usr/local/lib/libpython3.11.so.1.0", bytes: 5_800_000, line: 1 }],
    biggestFolders: [
      { path: "/usr/local/lib/python3.11/site-packages", bytes: 29_000_000, line: 3 },
    ],
    waste: [],
    packages: [makePackage()],
    boxes: makeBoxes(),
    advice: [],
    goals: [],
    scan: { status: "checked" },
    findings: [],
    ...overrides,
  };
}

/** The same stage of an image that `docker save` gave: how much is downloaded is not known. */
export function makeSavedReportStage(overrides: Partial<ReportStage> = {}): ReportStage {
  const { download, ...stage } = makeReportStage();
  return { ...stage, ...SAVED, ...overrides };
}

/** A stage whose `RUN` on line 3 failed. Nothing is known of its image. */
export function makeFailedReportStage(overrides: Partial<ReportStage> = {}): ReportStage {
  return {
    image: "app",
    name: "production",
    index: 0,
    line: 1,
    platform: "linux/amd64",
    status: "failed",
    reason: 'process "/bin/sh -c pip install -r requirements.txt" did not complete: exit code: 1',
    failure: {
      line: 3,
      output: [
        "ERROR: Could not find a version that satisfies the requirement flask==99.0",
        "ERROR: No matching distribution found for flask==99.0",
      ],
    },
    seconds: 1.4,
    steps: [{ line: 2, seconds: 0.1, cached: true }],
    layers: [],
    biggestFiles: [],
    biggestFolders: [],
    waste: [],
    packages: [],
    boxes: [],
    advice: [],
    goals: [],
    scan: { status: "unavailable", reason: "the stage failed to build" },
    findings: [],
    ...overrides,
  };
}

/** A stage that nobody asked for, or one whose `FROM` failed to build where `leftOut` is undefined. */
export function makeSkippedReportStage(overrides: Partial<ReportStage> = {}): ReportStage {
  const { failure, seconds, ...stage } = makeFailedReportStage();
  return {
    ...stage,
    status: "skipped",
    reason: "not among the targets",
    leftOut: true,
    steps: [],
    scan: { status: "off" },
    ...overrides,
  };
}

/** The image `app` as the report tells it, with one stage. */
export function makeReportImage(overrides: Partial<ReportImage> = {}): ReportImage {
  return {
    name: "app",
    dockerfile: "Dockerfile",
    context: ".",
    hadolint: { status: "checked" },
    buildkit: { status: "checked" },
    findings: [],
    stages: [makeReportStage()],
    ...overrides,
  };
}

/** A report of one image that passes. */
export function makeReport(overrides: Partial<Report> = {}): Report {
  return {
    version: 1,
    name: "app",
    verdict: "pass",
    images: [makeReportImage()],
    notes: [],
    tools: {
      docker: "28.5.2",
      buildx: "0.29.1",
      buildkit: "0.25.1",
      trivy: "0.73.0",
      "trivy-db": "2026-11-20",
      hadolint: "2.15.1",
    },
    commit: "2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d",
    ...overrides,
  };
}
