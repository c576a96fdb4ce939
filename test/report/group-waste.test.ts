import { describe, expect, it } from "vitest";
import type { Waste } from "../../src/model/image.ts";
import { groupSharedWaste, groupWaste } from "../../src/report/group-waste.ts";
import { makeReportStage } from "../make-report.ts";

const place = (layer: number, digest = `sha256:${layer}`) => ({ layer, digest });

const makeWaste = (overrides: Partial<Waste> = {}): Waste => ({
  bytes: 10,
  files: 1,
  kind: "deleted",
  writtenBy: place(1),
  killedBy: place(2),
  ...overrides,
});

const stageOf = (name: string, waste: readonly Waste[]) => makeReportStage({ name, waste });

describe("dead bytes", () => {
  it("that came to be so in one way are one group, with its named files, the largest group first", () => {
    const waste = [
      makeWaste({ bytes: 50, path: "/a" }),
      makeWaste({ bytes: 45, path: "/b", kind: "overwritten" }),
      makeWaste({ bytes: 40, path: "/c", killedBy: place(3) }),
      makeWaste({ bytes: 7, files: 9 }),
    ];
    expect(groupWaste(waste).map(({ bytes, files, paths }) => [bytes, files, paths])).toEqual([
      [57, 10, ["/a"]],
      [45, 1, ["/b"]],
      [40, 1, ["/c"]],
    ]);
  });

  it("that stages share are told once, by what their layers are and not where they lie", () => {
    const low = stageOf("low", [makeWaste({ bytes: 5 })]);
    const shared = [makeWaste({ writtenBy: place(0, "sha256:x"), killedBy: place(1, "sha256:y") })];
    const moved = [makeWaste({ writtenBy: place(4, "sha256:x"), killedBy: place(5, "sha256:y") })];
    const stages = [low, stageOf("one", shared), stageOf("other", moved)];
    const groups = groupSharedWaste(stages);
    expect(groups.map(({ bytes, stages: of }) => [bytes, of.map(({ name }) => name)])).toEqual([
      [10, ["one", "other"]],
      [5, ["low"]],
    ]);
  });

  it("that stages share stand at the lines of each of them", () => {
    const waste = (line: number) => {
      const writtenBy = { ...place(0), line };
      return makeWaste({ writtenBy, killedBy: { ...place(1), line: line + 1 } });
    };
    const stages = [14, 3, 3].map((line, at) => stageOf(`${at}`, [waste(line)]));
    expect(groupSharedWaste(stages)).toMatchObject([{ writtenAt: [3, 14], killedAt: [4, 15] }]);
  });
});
