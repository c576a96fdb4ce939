import { describe, expect, it } from "vitest";
import { planStage } from "../../src/plan/plan-stage.ts";

const DOCKERFILE = `FROM debian AS Base
RUN a
FROM base AS production
COPY . .
FROM scratch
`;

const host = {
  files: {
    readText: async (path: string) => (path === "odd" ? "FROM a b\n" : DOCKERFILE),
    stat: async (path: string) =>
      path === "missing"
        ? undefined
        : { kind: "file" as const, bytes: DOCKERFILE.length, modifiedMilliseconds: 0 },
  },
};

async function lineOf(stage?: string): Promise<number> {
  const request = { file: "Dockerfile", platform: "linux/amd64" };
  const planned = await planStage(host, { ...request, ...(stage !== undefined && { stage }) });
  return planned.stage.line;
}

describe("the stage that an image is of", () => {
  it("is the last one, unless another one is named", async () => {
    expect(await lineOf()).toBe(5);
    expect(await lineOf("production")).toBe(3);
    expect(await lineOf("base")).toBe(1);
    expect(await lineOf("2")).toBe(5);
  });

  it.each([
    [
      "Dockerfile",
      "prod",
      '--stage: "Dockerfile" has no stage "prod"; it has "Base", "2" and "production"',
    ],
    ["missing", undefined, '--file: "missing" does not exist'],
    ["odd", undefined, /^odd:1: FROM takes an image/],
  ])("has to be there: %s, %s", async (file, stage, what) => {
    const request = { file, platform: "linux/amd64", ...(stage !== undefined && { stage }) };
    await expect(planStage(host, request)).rejects.toThrow(what);
  });
});
