// The security tab over the life of a branch: alerts open, move with their lines, and close when
// their problem is gone, and only then.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scenario, type StepResult } from "./scenario.ts";

const MAIN_REF = "refs/heads/main";

/** An untagged base, and lodash with a high and a medium finding. */
const PROBLEMS = `FROM busybox AS production
COPY lodash.json /app/node_modules/lodash/package.json
`;

describe("alerts", () => {
  let scenario: Scenario;
  let runId = 100;

  beforeAll(async () => {
    const lodash = '{"name":"lodash","version":"4.17.20"}\n';
    scenario = await Scenario.start({ files: { "lodash.json": lodash } });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  async function push(dockerfile: string): Promise<StepResult> {
    await scenario.write({ Dockerfile: dockerfile });
    runId += 1;
    return scenario.run({ event: "push", runId });
  }

  const alertNumbers = () => scenario.repository().alerts.map(({ number }) => number);

  it("open on the lines that cause them", async () => {
    const step = await push(PROBLEMS);
    expect(step.exitCode, step.log).toBe(0);
    expect(scenario.openAlerts(MAIN_REF)).toEqual([
      "CVE-2020-28500:2",
      "CVE-2021-23337:2",
      "DL3006:1",
    ]);
  });

  it("stay the same when their lines move", async () => {
    const numbers = alertNumbers();
    await push(`# What is shipped.\n\n${PROBLEMS}`);
    expect(scenario.openAlerts(MAIN_REF)).toEqual([
      "CVE-2020-28500:4",
      "CVE-2021-23337:4",
      "DL3006:3",
    ]);
    expect(alertNumbers()).toEqual(numbers);
  });

  it("of the scan stay open when a stage is broken, as nobody knows", async () => {
    const step = await push("FROM busybox:1.35 AS production\nFROM production\nRUN exit 3\n");
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain(
      "Not uploaded to code scanning: weighbridge/Dockerfile/buildkit, weighbridge/Dockerfile/trivy (the stage ",
    );
    expect(scenario.openAlerts(MAIN_REF)).toEqual(["CVE-2020-28500:4", "CVE-2021-23337:4"]);
  });

  it("of the scan stay open when a stage is left out", async () => {
    await scenario.write({
      Dockerfile: "FROM busybox:1.35 AS production\nFROM production AS dev\n",
    });
    const step = await scenario.run({ event: "push", inputs: { targets: "production" } });
    expect(step.exitCode, step.log).toBe(0);
    expect(scenario.openAlerts(MAIN_REF)).toEqual(["CVE-2020-28500:4", "CVE-2021-23337:4"]);
    expect(scenario.categories()).toContain("weighbridge/Dockerfile:production/trivy");
  });

  it("close when all is built and the problem is gone, on that ref alone", async () => {
    await scenario.write({ Dockerfile: PROBLEMS });
    await scenario.run();
    await push("FROM busybox:1.35 AS production\n");
    expect(scenario.openAlerts(MAIN_REF)).toEqual([]);
    expect(scenario.openAlerts("refs/pull/7/merge")).toHaveLength(3);
    expect(alertNumbers()).toHaveLength(3);
  });
});
