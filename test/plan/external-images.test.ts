import { expect, it } from "vitest";
import { externalImages } from "../../src/plan/external-images.ts";
import { planBuilds } from "../../src/plan/plan.ts";
import { plainBuild } from "./plan-fixture.ts";

async function imagesOf(
  text: string,
  targets: readonly string[] = [],
  buildContexts: Readonly<Record<string, string>> = {},
  buildArgs: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const stat = { kind: "file", bytes: text.length, modifiedMilliseconds: 0 } as const;
  const host = { files: { stat: async () => stat, readText: async () => text } };
  const images = [{ name: "app", file: "Dockerfile", context: ".", where: "input file" }];
  const build = { ...plainBuild, buildArgs, buildContexts };
  const settings = { platform: "linux/amd64" };
  const { plan, problems } = await planBuilds(host, { images, targets, build }, settings);
  expect(problems).toEqual([]);
  return externalImages(plan, buildContexts);
}

const DOCKERFILE = `ARG VERSION=1
FROM base:\${VERSION} AS one
COPY --from=tools:2 /tool /tool
FROM one AS two
RUN --mount=type=bind,from=mounted:3,target=/m cp /m/a /a
COPY --from=0 /a /b
COPY --from=ONE /a /c
FROM other:4 AS three
FROM scratch AS four
`;

it("images from outside are those of FROM, COPY --from and RUN --mount=from, each once", async () => {
  const all = ["base:1", "tools:2", "mounted:3", "other:4"];
  expect(await imagesOf(`${DOCKERFILE}FROM base:1\n`)).toEqual(all);
});

it("images from outside are those that the wanted stages need", async () => {
  expect(await imagesOf(DOCKERFILE, ["two"])).toEqual(["base:1", "tools:2", "mounted:3"]);
  expect(await imagesOf(DOCKERFILE, ["four"])).toEqual([]);
});

it("images from outside are what build contexts put in their place, where that is an image", async () => {
  const contexts = { "base:1": "docker-image://mine:1", "tools:2": "./tools" };
  expect(await imagesOf(DOCKERFILE, ["one"], contexts)).toEqual(["mine:1"]);
});

it("images from outside are what triggers read from, and what reads the Dockerfile", async () => {
  const text = `# syntax=my/frontend:1
FROM base:1 AS one
ONBUILD COPY --from=tools:2 /tool /tool
ONBUILD RUN --mount=from=mounted:3,target=/m true
FROM one
`;
  const all = ["my/frontend:1", "base:1", "tools:2", "mounted:3"];
  expect(await imagesOf(text)).toEqual(all);
});

it("images from outside are the frontend that a build argument asks for, before the line", async () => {
  const args = { BUILDKIT_SYNTAX: "my/other:2 with more" };
  const text = "# syntax=my/frontend:1\nFROM base:1\n";
  expect(await imagesOf(text, [], {}, args)).toEqual(["my/other:2", "base:1"]);
  expect(await imagesOf(text, [], {}, { BUILDKIT_SYNTAX: "" })).toEqual([
    "my/frontend:1",
    "base:1",
  ]);
});
