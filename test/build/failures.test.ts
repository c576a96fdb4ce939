import { describe, expect, it } from "vitest";
import { bakeTargets } from "../../src/build/bake-file.ts";
import { isRace, refuseUnparsable } from "../../src/build/failures.ts";
import { NO_OUTPUT } from "../../src/build/progress/telling-lines.ts";
import { UserError } from "../../src/errors.ts";
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

  it("may then have come after steps of another Dockerfile, and of nothing else", () => {
    const message = "failed to solve: dockerfile parse error on line 3: unknown flag: --nope";
    const result = { kind: "failed", message, target: "image1-stage0" } as const;
    const consequences = [targets, targets.slice(1)].map((solved) => {
      try {
        return refuseUnparsable(result, solved);
      } catch (error) {
        return error instanceof UserError && error.consequence;
      }
    });
    expect(consequences).toEqual(["the build was stopped", "nothing was built"]);
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

describe("a step that fails", () => {
  const failing = (error: string) => ({ name: "", error, output: NO_OUTPUT });

  it("may have met what a cancelled solve has left", () => {
    const error =
      "failed to commit d1ogt90i to kzm7tflm during finalize: failed to stat active key during commit: snapshot d1ogt90i does not exist: not found";
    expect(isRace(failing(error))).toBe(true);
  });

  it.each([
    'process "/bin/sh -c make" did not complete successfully: exit code: 2',
    'failed to calculate checksum of ref a::b: "/x": not found',
    'process "/bin/sh -c echo snapshot x does not exist; exit 1" did not complete successfully: exit code: 1',
  ])("is to blame itself: %s", (error) => {
    expect(isRace(failing(error))).toBe(false);
  });
});
