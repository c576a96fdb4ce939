// A report as a real project gets it: six stages, goals met and missed, findings of all kinds.
import type { Finding } from "../../src/model/finding.ts";
import type { GoalResult } from "../../src/model/goal.ts";
import type { Layer } from "../../src/model/image.ts";
import type { Report, ReportStage } from "../../src/model/report.ts";
import { makeDigest, makeFinding, makeLayer, makeLintFinding } from "../make.ts";
import { makeReportStage } from "../make-report.ts";

const mega = 1_000_000;

const base: readonly Layer[] = [
  makeLayer({
    digest: makeDigest("a"),
    diffId: makeDigest("a"),
    origin: "base",
    unpacked: 98.4 * mega,
    download: 33.1 * mega,
    line: 1,
    instruction: "FROM python:3.11-slim AS deps-builder",
  }),
  makeLayer({
    digest: makeDigest("b"),
    diffId: makeDigest("b"),
    origin: "base",
    unpacked: 34_812_114,
    download: 12_203_551,
    line: 1,
    instruction: "FROM python:3.11-slim AS deps-builder",
  }),
];

const basis = { unpacked: 133_212_114, download: 45_303_551 };

function own(line: number, unpacked: number, download: number, instruction: string): Layer {
  const digit = (line % 16).toString(16);
  return makeLayer({
    digest: makeDigest(digit),
    diffId: makeDigest(digit),
    line,
    unpacked,
    download,
    instruction,
  });
}

const packages = own(
  42,
  24_310_882,
  8_411_337,
  "RUN pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt && rm -rf /wheels",
);
const chown = own(48, 4_811_204, 1_211_078, "RUN chown -R app:app /app");
const application = own(45, 4_811_204, 1_210_114, "COPY --from=app-builder /build/app /app");

function stage(
  index: number,
  name: string,
  line: number,
  layers: readonly Layer[],
  overrides: Partial<ReportStage> = {},
): ReportStage {
  const unpacked = layers.reduce((sum, layer) => sum + layer.unpacked, 0);
  const download = layers.reduce((sum, layer) => sum + (layer.download ?? 0), 0);
  return makeReportStage({
    image: "trading-app",
    name,
    index,
    line,
    unpacked: basis.unpacked + unpacked,
    download: basis.download + download + 7_100,
    own: { unpacked, download: download + 7_100 },
    base: basis,
    layers: [...base, ...layers],
    biggestFiles: [
      {
        path: "/usr/local/lib/python3.11/site-packages/numpy/_core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so",
        bytes: 10_104_112,
        line: 42,
      },
      { path: "/usr/lib/x86_64-linux-gnu/libcrypto.so.3", bytes: 4_709_016, line: 1 },
      { path: "/usr/local/lib/libpython3.11.so.1.0", bytes: 4_101_336, line: 1 },
    ],
    biggestFolders: [
      { path: "/usr/local/lib/python3.11/site-packages", bytes: 24_104_118, line: 42 },
      { path: "/usr/lib/x86_64-linux-gnu", bytes: 22_003_171, line: 1 },
      { path: "/usr/local/lib/python3.11", bytes: 20_911_007, line: 1 },
      { path: "/app", bytes: 9_622_408, line: 45 },
    ],
    ...overrides,
  });
}

const openssl = ["libssl3", "openssl"].map((name) =>
  makeFinding({ package: name, installed: "3.0.11-1~deb12u2", fixed: "3.0.13-1~deb12u1" }),
);

const unfixed = (({ fixed, ...rest }: Finding): Finding => rest)(
  makeFinding({
    rule: "CVE-2023-45853",
    severity: "critical",
    message: "zlib1g 1:1.2.13: integer overflow and resultant heap-based buffer overflow",
    help: "https://avd.aquasec.com/nvd/cve-2023-45853",
    package: "zlib1g",
    installed: "1:1.2.13.dfsg-1",
    cvss: 9.8,
  }),
);

const requests = makeFinding({
  rule: "CVE-2024-35195",
  severity: "medium",
  message: "requests 2.31.0: subsequent requests to the same host ignore cert verification",
  help: "https://avd.aquasec.com/nvd/cve-2024-35195",
  package: "requests",
  installed: "2.31.0",
  fixed: "2.32.0",
  line: 42,
  cvss: 5.6,
});

const key = ((): Finding => {
  const { package: name, installed, fixed, cvss, help, ...rest } = makeFinding();
  return {
    ...rest,
    kind: "secret",
    rule: "private-key",
    message: "Asymmetric Private Key",
    path: "/app/certs/dev.pem",
    line: 45,
  };
})();

const fromBase: readonly Finding[] = [unfixed, ...openssl];

const lint: readonly Finding[] = [
  makeLintFinding({
    rule: "DL3008",
    line: 7,
    message:
      "Pin versions in apt get install. Instead of `apt-get install <package>` use `apt-get install <package>=<version>`",
  }),
  makeLintFinding({
    rule: "DL3059",
    severity: "info",
    line: 9,
    message: "Multiple consecutive `RUN` instructions. Consider consolidation.",
    help: "https://github.com/hadolint/hadolint/wiki/DL3059",
  }),
  makeLintFinding({
    tool: "buildkit",
    rule: "JSONArgsRecommended",
    line: 70,
    message:
      "JSON arguments recommended for CMD to prevent unintended behavior related to OS signals",
    help: "https://docs.docker.com/go/dockerfile/rule/json-args-recommended/",
  }),
];

const noHigh: GoalResult = {
  rule: "fail-on-severity",
  limit: "high",
  actual: "critical",
  verdict: "fail",
};

function most(limit: number, actual: number): GoalResult {
  return { rule: "max-unpacked", limit, actual, verdict: actual <= limit ? "pass" : "fail" };
}

const productionSize = 167_145_404;

const stages: readonly ReportStage[] = [
  stage(
    0,
    "deps-builder",
    1,
    [
      own(
        7,
        210_114_001,
        71_200_112,
        "RUN apt-get update && apt-get install -y build-essential libpq-dev",
      ),
    ],
    {
      seconds: 41.2,
      findings: [...lint.slice(0, 2), ...fromBase],
    },
  ),
  stage(
    1,
    "app-builder",
    20,
    [own(24, 31_220_114, 9_114_200, "RUN python -m compileall -q /build")],
    {
      seconds: 6.9,
      findings: fromBase,
    },
  ),
  stage(2, "production", 38, [packages, application, chown], {
    seconds: 12.4,
    goals: [
      most(150 * mega, productionSize),
      {
        rule: "min-reduction",
        limit: 70,
        original: 500 * mega,
        actual: 66.570919,
        verdict: "fail",
      },
      noHigh,
    ],
    findings: [...fromBase, key, requests],
  }),
  stage(3, "development", 52, [packages, application], {
    seconds: 3.1,
    goals: [most(180 * mega, basis.unpacked + 29_122_086)],
    findings: [...fromBase, requests],
  }),
  stage(4, "hft-optimized", 60, [application], {
    seconds: 0,
    steps: [{ line: 62, seconds: 0, cached: true }],
    goals: [most(160 * mega, basis.unpacked + 4_811_204)],
    findings: fromBase,
  }),
  {
    ...makeReportStage({
      image: "trading-app",
      name: "monitoring",
      index: 5,
      line: 66,
      status: "failed",
      reason:
        'process "/bin/sh -c pip install prometheus-client==99.0" did not complete successfully: exit code: 1',
      failure: {
        line: 68,
        output: [
          "ERROR: Could not find a version that satisfies the requirement prometheus-client==99.0 (from versions: 0.0.8, 0.20.0, 0.21.1)",
          "ERROR: No matching distribution found for prometheus-client==99.0",
        ],
      },
      seconds: 1.8,
      layers: [],
      biggestFiles: [],
      biggestFolders: [],
      packages: [],
      boxes: [],
      goals: [
        {
          rule: "max-unpacked",
          limit: 170 * mega,
          verdict: "unknown",
          reason: "it failed to build",
        },
      ],
      scan: { status: "unavailable", reason: "it failed to build" },
      findings: lint.slice(2),
    }),
  },
].map((each) => {
  if (each.status === "built") return each;
  const { digest, unpacked, download, own: _own, base: _base, ...unmeasured } = each;
  const { live, wasted, efficiency, ...rest } = unmeasured;
  return rest;
});

/** `production` misses three goals, `monitoring` fails to build, the rest is well. */
export const tradingApp: Report = {
  version: 1,
  name: "trading-app",
  verdict: "fail",
  images: [
    {
      name: "trading-app",
      dockerfile: "Dockerfile",
      context: ".",
      hadolint: { status: "checked" },
      buildkit: { status: "checked" },
      findings: [],
      stages,
    },
  ],
  notes: [
    ".hadolint.yaml was found and used",
    ".trivyignore was found and is not used: name it in trivy-ignore-file",
  ],
  tools: {
    docker: "28.5.2",
    buildx: "0.29.1",
    buildkit: "0.25.1",
    trivy: "0.73.0",
    "trivy-db": "2026-11-20T06:12:41Z",
    hadolint: "2.15.1",
  },
  commit: "2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d",
};
