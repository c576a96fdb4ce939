// Secrets that an image's configuration has: whoever pulls the image reads them there.

import { afterAll, beforeAll, expect, it } from "vitest";
import { stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

const TOKENS = ["a", "b", "c"].map(
  (letter) => `ghp_${letter.repeat(3)}${"0123456789".repeat(3)}${letter.repeat(3)}`,
);

const DOCKERFILE = `FROM busybox:1.35 AS base
ENV GITHUB_TOKEN=${TOKENS[0]}
FROM base AS app
RUN echo ${TOKENS[1]} | wc -c > /length
LABEL token=${TOKENS[2]}
FROM app AS production
ENV GITHUB_TOKEN=none
`;

let scenario: Scenario;
let step: StepResult;

beforeAll(async () => {
  scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
  step = await scenario.run({ inputs: { scanners: "secret" } });
});
afterAll(() => scenario[Symbol.asyncDispose]());

/** Lines with a secret, by stage. */
function linesOf(result: StepResult) {
  return stagesOf(result).map(({ name, findings }) => {
    const secrets = findings.filter(({ kind }) => kind === "secret");
    return [name, ...secrets.map(({ line }) => line).toSorted()];
  });
}

it("are told at the instructions that put them there, in each stage that has them", () => {
  expect(step.exitCode, step.log).toBe(0);
  expect(linesOf(step)).toEqual([
    ["base", 2],
    ["app", 2, 4, 5],
    ["production", 2, 4, 5],
  ]);
});

it("are one alert each, and shown nowhere", () => {
  const alerts = scenario
    .openAlerts("refs/pull/7/merge")
    .filter((alert) => /^github-pat:/.test(alert));
  expect(alerts).toEqual(["github-pat:2", "github-pat:4", "github-pat:5"]);
  const [comment = ""] = scenario.comments();
  expect(comment).toContain("in the image's configuration, from line [2](");
  expect(comment).toContain("in `base`, `app`, `production`");
  for (const token of TOKENS) {
    expect(
      comment +
        step.summary +
        JSON.stringify(step.report?.images[0]?.stages.map(({ findings }) => findings)),
    ).not.toContain(token);
  }
});

it("are found again where they are remembered", async () => {
  expect(linesOf(await scenario.run({ inputs: { scanners: "secret" } }))).toEqual(linesOf(step));
});
