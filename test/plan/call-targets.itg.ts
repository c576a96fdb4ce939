// Our reading of Dockerfiles beside BuildKit's own.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../scripts/lab/lab.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { parseDockerfile } from "../../src/plan/dockerfile.ts";
import { planFixture } from "./plan-fixture.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "dockerfiles");
const fixtures = readdirSync(folder).filter((name) => name.endsWith(".Dockerfile"));
const host = createLocalHost({ workspace: folder });
let lab: Pick<Lab, "builder">;

beforeAll(async () => {
  lab = await labParts(["builder"]);
});

afterAll(() => host[Symbol.dispose]());

/** One stage, as both readings tell it. */
interface Told {
  /** In lower case; empty for a stage without one. */
  readonly name: string;
  readonly base: string;
  readonly platform: string;
  readonly start: number;
  readonly end: number;
  readonly isDefault: boolean;
}

/** https://github.com/moby/buildkit/blob/v0.33.0/frontend/subrequests/targets/targets.go */
interface TargetsReply {
  readonly targets: readonly {
    readonly name?: string;
    readonly base: string;
    readonly platform?: string;
    readonly default?: boolean;
    readonly location: {
      readonly ranges: readonly {
        readonly start: { readonly line: number };
        readonly end: { readonly line: number };
      }[];
    };
  }[];
}

async function toldByBuildkit(text: string): Promise<readonly Told[]> {
  const { builder } = lab;
  const call = ["buildx", "build", "--builder", builder.name, "--call=targets,format=json"];
  const { exitCode, stdout, stderr } = await host.exec("docker", [...call, "--file", "-", folder], {
    env: { ...host.env, ...builder.environment },
    input: withoutFrontend(text),
  });
  if (exitCode !== 0) throw new Error(stderr);
  const reply: TargetsReply = JSON.parse(stdout);
  return reply.targets.map((target) => ({
    name: target.name ?? "",
    base: target.base,
    platform: target.platform ?? "",
    start: target.location.ranges[0]?.start.line ?? 0,
    end: target.location.ranges.at(-1)?.end.line ?? 0,
    isDefault: target.default ?? false,
  }));
}

/** `# syntax=` makes BuildKit pull a frontend; another directive in its place keeps the lines. */
function withoutFrontend(text: string): string {
  return text.replace(/^# *syntax/, "# check");
}

function toldByUs(text: string): readonly Told[] {
  const { stages } = parseDockerfile(text);
  return stages.map(({ name, base, platform, instructions, index }) => ({
    name: name?.toLowerCase() ?? "",
    base,
    platform: platform ?? "",
    start: instructions[0].lines.start,
    end: instructions[0].lines.end,
    isDefault: index === stages.length - 1,
  }));
}

test("there are at least 25 Dockerfiles", () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(25);
});

describe.each(fixtures)("%s", (file) => {
  test("has the stages that BuildKit lists", async () => {
    const text = readFileSync(join(folder, file), "utf8");
    expect(toldByUs(text)).toEqual(await toldByBuildkit(text));
  });

  test("is built through a text whose stages are all addressed, on the same lines", async () => {
    const { text, generatedText, stages } = await planFixture(host, file);
    const told = await toldByBuildkit(generatedText ?? text);
    const targets = stages.map(({ decision }) =>
      decision.kind === "build" ? decision.target : "",
    );
    expect(told.map(({ name }) => name)).toEqual(targets);
    expect(new Set(targets).size).toBe(targets.length);
    expect(told.map(({ start, end }) => [start, end])).toEqual(
      stages.map(({ instructions }) => [instructions[0]?.lines.start, instructions[0]?.lines.end]),
    );
  });
});
