import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { describePlan, renderPlan } from "../../src/plan/describe-plan.ts";
import { planBuilds } from "../../src/plan/plan.ts";
import { plainBuild } from "./plan-fixture.ts";

async function planOf(text: string, targets: readonly string[]): Promise<Plan> {
  const host = {
    files: {
      readText: async () => text,
      stat: async () => ({ kind: "file", bytes: text.length, modifiedMilliseconds: 0 }) as const,
    },
  };
  const images = [{ name: "app", file: "Dockerfile", context: "src", where: "input file" }];
  const inputs = { images, targets, build: plainBuild };
  const { plan } = await planBuilds(host, inputs, { platform: "linux/amd64" });
  return plan;
}

const text = `ARG V=3
FROM alpine:$V AS deps
FROM scratch
COPY --from=deps /a /a
FROM deps AS Final
COPY --from=1 /a /a
`;

describe("a plan as JSON", () => {
  test("tells of each stage where it stands, what it needs and whether it is built", async () => {
    expect(describePlan(await planOf(text, ["!1"]))).toEqual({
      images: [
        {
          name: "app",
          dockerfile: "Dockerfile",
          context: "src",
          stages: [
            {
              name: "deps",
              index: 0,
              line: 2,
              base: "alpine:3",
              platform: "linux/amd64",
              needs: [],
              build: true,
            },
            {
              name: "1",
              index: 1,
              line: 3,
              base: "scratch",
              platform: "linux/amd64",
              needs: ["deps"],
              build: false,
              reason: "needed by Final, not exported",
            },
            {
              name: "Final",
              index: 2,
              line: 5,
              base: "deps",
              platform: "linux/amd64",
              needs: ["deps", "1"],
              build: true,
            },
          ],
        },
      ],
    });
  });
});

describe("a plan as text", () => {
  test("is a table of the stages", async () => {
    expect(renderPlan(await planOf(text, ["!1"]))).toBe(
      [
        "app: Dockerfile, context src, builds 2 of 3",
        "  build   deps   line 2  linux/amd64  from alpine:3",
        "  needed  1      line 3  linux/amd64  from scratch, needs deps  (needed by Final, not exported)",
        "  build   Final  line 5  linux/amd64  from deps, needs 1",
        "",
      ].join("\n"),
    );
  });

  test("says what is left out altogether", async () => {
    expect(renderPlan(await planOf(text, ["deps"]))).toContain(
      "  skip   Final  line 5  linux/amd64  from deps, needs 1        (targets leaves it out)",
    );
  });

  test("does not let a Dockerfile move the cursor", async () => {
    const rendered = renderPlan(await planOf("FROM \u001b[2Ja", []));
    expect(rendered).toContain("from \uFFFD[2Ja");
  });
});
