import { describe, expect, it } from "vitest";
import { bakeTargets } from "../../src/build/bake-file.ts";
import { refuseUnparsable } from "../../src/build/failures.ts";
import { makePlannedImage } from "../make.ts";

const targets = bakeTargets([
  makePlannedImage({ name: "app", dockerfile: "Dockerfile" }),
  makePlannedImage({ name: "web", dockerfile: "web/Dockerfile" }),
]);

const refuse = (message: string, target?: string) => () =>
  refuseUnparsable({ kind: "failed", message, ...(target !== undefined && { target }) }, targets);

describe("a solve that fails", () => {
  it("is the user's to change where BuildKit cannot parse the Dockerfile", () => {
    const message = "failed to solve: dockerfile parse error on line 3: unknown flag: --nope";
    expect(refuse(message, "image1-stage0")).toThrow("web/Dockerfile:3: unknown flag: --nope");
  });

  it("is about the only Dockerfile where buildx names no target", () => {
    const message = "failed to solve: dockerfile parse error on line 2: unknown flag: --nope";
    expect(refuse(message)).toThrow(/^Dockerfile:2: unknown flag: --nope$/);
  });

  it("is nobody's mistake where only a command speaks of a parse error", () => {
    const command = 'process "/bin/sh -c echo dockerfile parse error on line 3: x; exit 1"';
    expect(refuse(`failed to solve: ${command} did not complete successfully`)).not.toThrow();
  });
});
