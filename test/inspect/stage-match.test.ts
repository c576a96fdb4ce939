import { describe, expect, it } from "vitest";
import { matchStage } from "../../src/inspect/stage-match.ts";
import type { Stage } from "../../src/model/plan.ts";
import { makeDigest, makeInstruction, makePlannedImage, makeStage } from "../make.ts";

const HISTORY = ["ADD rootfs.tar /", "COPY . /app # buildkit", "RUN /bin/sh -c make # buildkit"];

const traces = {
  layers: ["1", "2", "3"].map((id) => ({ digest: makeDigest(id), diffId: makeDigest(id) })),
  history: HISTORY.map((createdBy) => ({ createdBy, comment: "", isEmpty: false })),
};

/** Stages that each stand on an image from outside, by name and instructions. */
function stagesOf(...all: readonly (readonly [string, ...string[]])[]): readonly Stage[] {
  return all.map(([name, ...texts], index) => {
    const instructions = ["FROM debian", ...texts].map((text) =>
      makeInstruction({ keyword: text.split(" ")[0] ?? "", text }),
    );
    return makeStage({ name, index, instructions });
  });
}

/** The stage that is found where the last one was guessed. */
function found(stages: readonly Stage[]): string {
  const stage = stages.at(-1) ?? makeStage();
  const match = matchStage(traces, { image: makePlannedImage({ stages }), stage, isGuess: true });
  return `${match.stage.name} ${match.fits ? "fits" : "does not fit"}`;
}

describe("the stage that an image is of", () => {
  const whole = ["COPY . /app", "RUN make"] as const;

  it("is the last one, where it fits", () => {
    expect(found(stagesOf(["a", "RUN other"], ["b", ...whole]))).toBe("b fits");
  });

  it("is another one, where that fits", () => {
    expect(found(stagesOf(["a", ...whole], ["b", "RUN other"]))).toBe("a fits");
  });

  it("is the last of those that fit equally well", () => {
    const stages = stagesOf(["a", ...whole], ["b", ...whole], ["c", "RUN other"]);
    expect(found(stages)).toBe("b fits");
  });

  it("is the one that accounts for most of the history", () => {
    const stages = stagesOf(["a", ...whole], ["b", "RUN make"], ["c", "RUN make"]);
    expect(found(stages)).toBe("a fits");
  });

  it("is none without instructions, which would fit anything", () => {
    expect(found(stagesOf(["a"], ["b", "RUN other"]))).toBe("b does not fit");
    expect(found(stagesOf(["a", ...whole], ["b"]))).toBe("a fits");
  });

  it("is the last one, where none fits", () => {
    const stages = stagesOf(["a", "RUN one"], ["b", "RUN other"]);
    expect(found(stages)).toBe("b does not fit");
  });
});
