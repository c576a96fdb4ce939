import { describe, expect, it } from "vitest";
import { causesIn } from "../../src/report/cause.ts";
import { makeBaseLayer, makeDigest, makeFinding, makeLayer } from "../make.ts";
import { makeReportStage } from "../make-report.ts";

/** A stage with a base image at its first line, and what stands at some of its other lines. */
function makeStage(
  index: number,
  name: string,
  from: number,
  lines: Readonly<Record<number, string>>,
  findingAt: number,
) {
  const own = Object.entries(lines).map(([line, instruction]) =>
    makeLayer({ diffId: makeDigest(`${index}`), line: Number(line), instruction }),
  );
  return makeReportStage({
    index,
    name,
    line: from,
    layers: [makeBaseLayer({ diffId: makeDigest("b"), line: from }), ...own],
    findings: [makeFinding({ line: findingAt })],
  });
}

function causes(...stages: readonly ReturnType<typeof makeStage>[]) {
  const causeOf = causesIn({ stages });
  return stages.map(({ findings: [finding] }) => finding && causeOf(finding));
}

const INSTALL = "RUN pip install Werkzeug==2.2.2";

describe("the cause of a finding", () => {
  it("is its own line where another stage, which it has nothing to do with, has the same", () => {
    const docs = makeStage(0, "docs", 1, { 2: INSTALL }, 2);
    const production = makeStage(1, "production", 3, { 4: INSTALL }, 4);
    expect(causes(docs, production)).toEqual([2, 4]);
  });

  it("is the line of the stage that it is copied from, by name or by number", () => {
    const docs = makeStage(0, "docs", 1, { 2: INSTALL }, 2);
    const builder = makeStage(1, "Builder", 3, { 4: INSTALL }, 4);
    const byName = makeStage(2, "one", 5, { 6: "COPY --chown=1 --from=builder /venv /venv" }, 6);
    const byNumber = makeStage(3, "two", 7, { 8: "COPY --from=1 /venv /venv" }, 8);
    expect(causes(docs, builder, byName, byNumber)).toEqual([2, 4, 4, 4]);
  });

  it("is followed through stages that copy from one another", () => {
    const first = makeStage(0, "first", 1, { 2: INSTALL }, 2);
    const second = makeStage(1, "second", 3, { 4: "COPY --from=first / /" }, 4);
    const third = makeStage(2, "third", 5, { 6: "COPY --from=second / /" }, 6);
    expect(causes(first, second, third)).toEqual([2, 2, 2]);
  });

  it("is the line itself of what is copied from an image elsewhere", () => {
    const first = makeStage(0, "first", 1, { 2: INSTALL }, 2);
    const other = makeStage(1, "other", 3, { 4: "COPY --from=nginx:1 / /" }, 4);
    expect(causes(first, other)).toEqual([2, 4]);
  });

  it("is the first FROM of the same base image", () => {
    const one = makeStage(0, "one", 1, {}, 1);
    const same = makeStage(1, "same", 3, {}, 3);
    const otherBase = makeReportStage({
      index: 2,
      name: "other",
      line: 5,
      layers: [makeBaseLayer({ diffId: makeDigest("c"), line: 5 })],
      findings: [makeFinding({ line: 5 })],
    });
    expect(causes(one, same, otherBase)).toEqual([1, 1, 5]);
  });

  it("is the FROM of each stage itself, where that is asked for", () => {
    const stages = [makeStage(0, "one", 1, {}, 1), makeStage(1, "same", 3, {}, 3)];
    const causeOf = causesIn({ stages }, "each FROM of it");
    expect(stages.map(({ findings: [finding] }) => finding && causeOf(finding))).toEqual([1, 3]);
  });
});
