import { expect, it } from "vitest";
import { imagesOnlyInEngine } from "../../../src/build/builder/engine-images.ts";
import { builderEngine } from "../engine-with-builders.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

it("an image is only in the engine when it is there, and from no registry under this name", async () => {
  const images = {
    "built:1": [],
    "python:3.11": [`python@${DIGEST}`],
    "ghcr.io/octo/base": [`ghcr.io/octo/base@${DIGEST}`],
    "renamed:1": [`python@${DIGEST}`],
  };
  const { host } = builderEngine({ images });
  const only = await imagesOnlyInEngine(host, [...Object.keys(images), "absent:1"]);
  expect(only).toEqual(["built:1", "renamed:1"]);
});

it("an image is only in the engine when another one's trigger reads from it there", async () => {
  const images = { "base:1": [`base@${DIGEST}`], "tools:1": [], "other:1": [] };
  const triggers = {
    "base:1": ["COPY --from=tools:1 /tool /", "COPY --from=0 /a /b", "RUN make", "COPY . /app"],
  };
  const { host } = builderEngine({ images, triggers });
  expect(await imagesOnlyInEngine(host, ["base:1"])).toEqual(["tools:1"]);
});
