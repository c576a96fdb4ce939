import { describe, expect, it } from "vitest";
import { attributeLayers, historyLines } from "../../src/inspect/attribution.ts";
import type { LayerLines } from "../../src/model/build.ts";
import type { PlannedImage, StageBase } from "../../src/model/plan.ts";
import type { HistoryEntry } from "../../src/oci-documents.ts";
import { makeInstruction, makePlannedImage, makeStage } from "../make.ts";

const BUILDKIT = "buildkit.dockerfile.v0";

describe("own and base", () => {
  it("part where provenance names the outermost FROM", () => {
    const image = dockerfile("FROM python", "RUN a", "COPY b c");
    expect(
      attribute(image, {
        layers: ["p0", "p1", "p2", "run", "copy"],
        lines: { p2: [1], run: [2], copy: [3] },
      }),
    ).toEqual([
      "base 1 FROM python",
      "base 1 FROM python",
      "base 1 FROM python",
      "own 2 RUN a",
      "own 3 COPY b c",
    ]);
  });

  it("part where history comes to the chain's first instruction", () => {
    const image = dockerfile("FROM python", "RUN a", "ENV b=1", "COPY b c");
    expect(
      attribute(image, {
        layers: ["p0", "p1", "run", "copy"],
        history: [
          "- ADD file:1 in /",
          "e CMD x",
          "- RUN y",
          "- RUN |1 B=2 /bin/sh -c a",
          "e ENV b=1",
          "- COPY b c",
        ],
      }),
    ).toEqual(["base 1 FROM python", "base 1 FROM python", "own 2 RUN a", "own 4 COPY b c"]);
  });

  it("are all base in a stage that adds nothing", () => {
    const image = dockerfile("FROM python", "ENV a=1");
    const history = ["- ADD x", "- RUN y", "e ENV a=1"];
    expect(attribute(image, { layers: ["p0", "p1"], history })).toEqual([
      "base 1 FROM python",
      "base 1 FROM python",
    ]);
  });

  it("are all own from scratch", () => {
    const image = dockerfile("FROM scratch", "COPY a b", "COPY c d");
    const history = ["- COPY a b", "- COPY c d"];
    expect(attribute(image, { layers: ["a", "c"], history })).toEqual([
      "own 2 COPY a b",
      "own 3 COPY c d",
    ]);
  });

  it("reach through the stages that a stage stands on", () => {
    const image = dockerfile("FROM python AS deps", "RUN a", "FROM deps", "RUN b");
    const lines = { p: [1], a: [2], b: [4] };
    expect(attribute(image, { layers: ["p", "a", "b"], lines })).toEqual([
      "base 1 FROM python AS deps",
      "own 2 RUN a",
      "own 4 RUN b",
    ]);
  });

  it("are told apart where the base has no history of its own", () => {
    const image = dockerfile("FROM imported", "RUN a", "RUN b");
    const history = ["- RUN a", "- RUN b", "- exported 1 # buildkit.exporter.image.v0"];
    expect(attribute(image, { layers: ["i", "a", "b"], history })).toEqual([
      "base 1 FROM imported",
      "own 2 RUN a",
      "own 3 RUN b",
    ]);
  });

  it("are told apart where the base was squashed into fewer layers than its history has", () => {
    const image = dockerfile("FROM squashed", "RUN a");
    const history = ["e RUN x", "e RUN y", "- merge", "- RUN z", "- RUN a"];
    expect(attribute(image, { layers: ["s", "a"], history })).toEqual([
      "base 1 FROM squashed",
      "own 2 RUN a",
    ]);
  });
});

describe("triggers", () => {
  it("of a base are own, at the FROM that set them off", () => {
    const image = dockerfile("FROM onbuild", "RUN a");
    const lines = { p1: [1], t0: [1], t1: [1], a: [2] };
    expect(attribute(image, { layers: ["p0", "p1", "t0", "t1", "a"], lines })).toEqual([
      "base 1 FROM onbuild",
      "base 1 FROM onbuild",
      "own 1 FROM onbuild",
      "own 1 FROM onbuild",
      "own 2 RUN a",
    ]);
  });

  it("of a stage are found in history, where they have entries that ONBUILD has not", () => {
    const image = dockerfile("FROM python AS deps", "RUN a", "ONBUILD RUN t", "FROM deps", "RUN b");
    const history = ["- ADD x", "- RUN a", "- RUN t", "- RUN b"];
    expect(attribute(image, { layers: ["p", "a", "t", "b"], history })).toEqual([
      "base 1 FROM python AS deps",
      "own 2 RUN a",
      "own 4 FROM deps",
      "own 5 RUN b",
    ]);
  });
});

describe("provenance", () => {
  const image = dockerfile("FROM python", "WORKDIR /a", "RUN b", "WORKDIR /a", "RUN c", "RUN d");

  it("goes by diff IDs where the engine has those", () => {
    const lines = { "diff-b": [3] };
    expect(attribute(image, { layers: ["p", "b"], lines })[1]).toBe("own 3 RUN b");
  });

  it("names lines in the middle of an instruction", () => {
    const long = dockerfile("FROM python", "RUN a \\\n  && b \\\n  && c", "RUN d");
    expect(attribute(long, { layers: ["p", "x", "d"], lines: { x: [2, 3, 4], d: [5] } })).toEqual([
      "base 1 FROM python",
      "own 2 RUN a && b && c",
      "own 5 RUN d",
    ]);
  });

  it("of other stages is passed over", () => {
    const two = dockerfile("FROM python AS one", "RUN a", "FROM python AS two", "RUN a");
    const lines = { p: [1, 3], a: [2, 4] };
    expect(attribute(two, { layers: ["p", "a"], lines })).toEqual([
      "base 3 FROM python AS two",
      "own 4 RUN a",
    ]);
  });

  it("of equal layers is put in order", () => {
    const lines = { p: [1], empty: [2, 4, 6], b: [3], c: [5] };
    expect(attribute(image, { layers: ["p", "empty", "b", "empty", "c", "empty"], lines })).toEqual(
      [
        "base 1 FROM python",
        "own 2 WORKDIR /a",
        "own 3 RUN b",
        "own 4 WORKDIR /a",
        "own 5 RUN c",
        "own 6 RUN d",
      ],
    );
  });

  it("that names only one of equal layers is completed from history", () => {
    const layers = ["p", "empty", "b", "empty", "c", "empty"];
    const history = ["- ADD x", "- WORKDIR /a", "- RUN b", "- WORKDIR /a", "- RUN c", "- RUN d"];
    const expected = ["base 1", "own 2", "own 3", "own 4", "own 5", "own 6"];
    for (const known of [2, 4, 6]) {
      const lines = { p: [1], empty: [known], b: [3], c: [5] };
      const found = attribute(image, { layers, history, lines });
      expect(found.map((text) => text.split(" ").slice(0, 2).join(" "))).toEqual(expected);
    }
  });

  it("that lacks layers is completed from history", () => {
    const layers = ["p", "w1", "b", "w2", "c", "d"];
    const history = ["- ADD x", "- WORKDIR /a", "- RUN b", "- WORKDIR /a", "- RUN c", "- RUN d"];
    expect(attribute(image, { layers, history, lines: { p: [1], w2: [4] } })).toEqual([
      "base 1 FROM python",
      "own 2 WORKDIR /a",
      "own 3 RUN b",
      "own 4 WORKDIR /a",
      "own 5 RUN c",
      "own 6 RUN d",
    ]);
  });

  it("counts more than a history that does not fit", () => {
    const history = ["- ADD x", "- RUN of another builder"];
    expect(
      attribute(image, { layers: ["p", "b", "c"], history, lines: { b: [3], c: [5] } }),
    ).toEqual(["base 1 FROM python", "own 3 RUN b", "own 5 RUN c"]);
  });

  it("that is missing without a history leaves the line open", () => {
    expect(attribute(image, { layers: ["p", "b", "c"], lines: { p: [1], b: [3] } })[2]).toBe("own");
  });
});

describe("history", () => {
  it("has no layer for a WORKDIR that made none", () => {
    const image = dockerfile("FROM python", "WORKDIR /", "RUN a");
    expect(
      attribute(image, { layers: ["p", "a"], history: ["- ADD x", "e WORKDIR /", "- RUN a"] }),
    ).toEqual(["base 1 FROM python", "own 3 RUN a"]);
  });

  it("never shows in what is said of a layer, since it has the build arguments", () => {
    const image = dockerfile("FROM python", "ARG TOKEN", "RUN fetch $TOKEN");
    const history = [
      "- ADD x",
      "e ARG TOKEN=hunter2",
      "- RUN |1 TOKEN=hunter2 /bin/sh -c fetch $TOKEN",
    ];
    expect(attribute(image, { layers: ["p", "a"], history }).join()).not.toContain("hunter2");
  });
});

interface Traces {
  /** Names that stand for digests. */
  readonly layers: readonly string[];
  /** `-` or `e` (empty) and what it was created by, with a comment after ` # `. */
  readonly history?: readonly string[];
  readonly lines?: Readonly<Record<string, readonly number[]>>;
}

/** Attributes the layers of the last stage: origin, line and instruction of each. */
function attribute(image: PlannedImage, { layers, history, lines }: Traces): readonly string[] {
  const stage = image.stages.at(-1) ?? makeStage();
  const layerLines: LayerLines = new Map(
    Object.entries(lines ?? {}).map(([digest, starts]) => [
      digest,
      starts.map((start) => ({ start, end: start })),
    ]),
  );
  const traces = {
    layers: layers.map((name) => ({ digest: name, diffId: `diff-${name}` })),
    history: (history ?? []).map(parseHistory),
  };
  return attributeLayers(traces, image, stage, layerLines).map(({ origin, line, instruction }) =>
    [origin, line, instruction].filter((part) => part !== undefined).join(" "),
  );
}

describe("entries of an image's history", () => {
  const linesOf = (image: PlannedImage, ...history: readonly string[]) => {
    const stage = image.stages.at(-1) ?? makeStage();
    const layers = history.filter((text) => text.startsWith("-"));
    const named = layers.map((name) => ({ digest: name, diffId: name }));
    return historyLines({ layers: named, history: history.map(parseHistory) }, image, stage);
  };

  it("are of the lines that left them, those from outside of the FROM", () => {
    const image = dockerfile("FROM python", "ENV a=1", "RUN b", "LABEL c=d");
    const own = ["e ENV a=1", "- RUN /bin/sh -c b", "e LABEL c=d"];
    expect(linesOf(image, "- ADD x", "e CMD y", ...own)).toEqual([1, 1, 2, 3, 4]);
  });

  it("are of no known line where another history is below them", () => {
    const image = dockerfile("FROM python", "ENV a=1", "RUN b");
    expect(linesOf(image, "e LABEL a=1", "- RUN /bin/sh -c b")).toEqual([undefined, 3]);
  });
});

function parseHistory(text: string): HistoryEntry {
  const [createdBy = "", comment = BUILDKIT] = text.slice(2).split(" # ");
  return { createdBy, comment, isEmpty: text.startsWith("e") };
}

/** An image of these instructions, which stand on line after line. */
function dockerfile(...texts: readonly string[]): PlannedImage {
  const stages: ReturnType<typeof makeStage>[] = [];
  let line = 1;
  for (const text of texts) {
    const end = line + text.split("\n").length - 1;
    const instruction = makeInstruction({
      keyword: text.split(" ")[0] ?? "",
      lines: { start: line, end },
      text: text.replace(/ \\\n\s*/g, " "),
    });
    if (instruction.keyword === "FROM") {
      const [, from = "", , name = String(stages.length)] = text.split(" ");
      const base = baseOf(from, stages);
      stages.push(makeStage({ name, index: stages.length, line, base, instructions: [] }));
    }
    const last = stages.pop() ?? makeStage();
    stages.push({ ...last, instructions: [...last.instructions, instruction] });
    line = end + 1;
  }
  return makePlannedImage({ stages });
}

function baseOf(from: string, stages: readonly { name: string; index: number }[]): StageBase {
  const stage = stages.find(({ name }) => name === from);
  if (stage !== undefined) return { kind: "stage", index: stage.index };
  return from === "scratch" ? { kind: "scratch" } : { kind: "image", reference: from };
}
