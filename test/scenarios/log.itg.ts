// What a person reads in the log of a run: on a runner, and at a terminal.

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scenario, type StepResult } from "./scenario.ts";

/** What a line of progress begins with, and what takes it away. */
const DRAW = "\x1b[?7l";
const ERASE = "\r\x1b[2K";

const FILES = {
  "api/Dockerfile": "FROM busybox:1.35 AS production\nRUN head -c 2000000 /dev/zero > /api\n",
  "web/Dockerfile": "FROM busybox:1.35 AS production\nRUN head -c 1000000 /dev/zero > /web\n",
  ".github/weighbridge.yml": `images:
  - {name: api, file: api/Dockerfile, context: api}
  - {name: web, file: web/Dockerfile, context: web}
goals: {"*": {max-unpacked: 1MB}}
fail: false
`,
};

describe("the log of a run", () => {
  let scenario: Scenario;
  let step: StepResult;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: FILES });
    step = await scenario.run();
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("names the images that are scanned, inside of groups", () => {
    const outside = step.log.replaceAll(/^::group::[\s\S]*?^::endgroup::$/gm, "");
    for (const name of ["api", "web"]) {
      expect(step.log).toContain(`Trivy scans ${name}/production`);
      expect(outside).not.toContain(`Trivy scans ${name}`);
    }
  });

  it("says once why a step passes whose goals are missed", () => {
    expect(step.exitCode, step.log).toBe(0);
    expect(step.outputs.verdict).toBe("fail");
    const told = step.log.match(/Goals only advise \(fail: false\): the step passes\./g);
    expect(told).toHaveLength(1);
  });
});

describe("the command at a terminal", () => {
  it("has no line of progress left where its report begins", async () => {
    // What is cached makes no progress.
    const run = `RUN echo ${randomUUID()}`;
    await using scenario = await Scenario.start({
      files: { Dockerfile: `FROM busybox:1.35\n${run}\n` },
    });
    const { exitCode, stdout } = await scenario.terminal(scenario.labOptions());
    expect(exitCode, stdout).toBe(0);
    const [before = ""] = stdout.split("PASS");
    expect(before).toContain(DRAW);
    expect(before).toContain(run);
    expect(before.slice(before.lastIndexOf(DRAW))).toContain(ERASE);
  });
});
