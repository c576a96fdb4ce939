import { describe, expect, it } from "vitest";
import { placeFindings, placeLint } from "../../src/judge/place-findings.ts";
import {
  makeBaseLayer,
  makeDigest,
  makeImageFinding,
  makeInstruction,
  makeLayer,
  makeLintFinding,
  makePackage,
  makeStage,
} from "../make.ts";

describe("placeFindings", () => {
  const layers = [
    makeBaseLayer({ diffId: makeDigest("c"), line: 1 }),
    makeLayer({ diffId: makeDigest("d"), line: 3 }),
  ];

  it("gives a finding the line of the instruction whose layer brought it in", () => {
    const finding = makeImageFinding({ layerDiffId: makeDigest("d") });
    expect(placeFindings([finding], { layers, packages: [] })).toMatchObject([{ line: 3 }]);
  });

  it("gives what the base image brought the line of the external FROM", () => {
    const finding = makeImageFinding({ layerDiffId: makeDigest("c") });
    expect(placeFindings([finding], { layers, packages: [] })).toMatchObject([{ line: 1 }]);
  });

  it("names no line where no layer is named", () => {
    const { layerDiffId, ...finding } = makeImageFinding();
    expect(placeFindings([finding], { layers, packages: [] })).toEqual([finding]);
  });

  it("gives what no layer is named of the line of its package, where there is one of that name", () => {
    const { layerDiffId, ...finding } = makeImageFinding({ kind: "license", package: "numpy" });
    const numpy = makePackage({ name: "numpy", line: 3 });
    expect(placeFindings([finding], { layers, packages: [numpy] })).toMatchObject([{ line: 3 }]);
    const two = [numpy, { ...numpy, version: "2" }];
    expect(placeFindings([finding], { layers, packages: two })[0]).not.toHaveProperty("line");
  });

  it("names no line for a layer that the image does not have", () => {
    const finding = makeImageFinding({ layerDiffId: makeDigest("f") });
    expect(placeFindings([finding], { layers, packages: [] })[0]).not.toHaveProperty("line");
  });

  it("names no line where the layer's own line is unknown", () => {
    const { line, ...layer } = makeLayer({ diffId: makeDigest("d") });
    const finding = makeImageFinding({ layerDiffId: makeDigest("d") });
    expect(placeFindings([finding], { layers: [layer], packages: [] })[0]).not.toHaveProperty(
      "line",
    );
  });

  it("takes the lower of two equal layers", () => {
    const twice = [
      makeLayer({ diffId: makeDigest("d"), line: 5 }),
      makeLayer({ diffId: makeDigest("d"), line: 9 }),
    ];
    const finding = makeImageFinding({ layerDiffId: makeDigest("d") });
    expect(placeFindings([finding], { layers: twice, packages: [] })).toMatchObject([{ line: 5 }]);
  });

  it("names the layer that takes a file away, with its line", () => {
    const finding = makeImageFinding({ layerDiffId: makeDigest("c"), killedByLayer: 1 });
    expect(placeFindings([finding], { layers, packages: [] })[0]).toMatchObject({
      line: 1,
      killedBy: { layer: 1, digest: layers[1]?.digest, line: 3 },
    });
  });

  it("does not carry the layer into the report", () => {
    expect(placeFindings([makeImageFinding()], { layers, packages: [] })[0]).not.toHaveProperty(
      "layerDiffId",
    );
  });
});

describe("placeLint", () => {
  const builder = makeStage({
    name: "builder",
    line: 2,
    instructions: [
      makeInstruction({ keyword: "FROM", lines: { start: 2, end: 2 } }),
      makeInstruction({ lines: { start: 3, end: 6 } }),
    ],
  });
  const production = makeStage({
    name: "production",
    line: 9,
    instructions: [
      makeInstruction({ keyword: "FROM", lines: { start: 9, end: 9 } }),
      makeInstruction({ lines: { start: 12, end: 12 } }),
    ],
  });

  it("puts a finding into the stage whose instructions include its line", () => {
    const first = makeLintFinding({ line: 2 });
    const inside = makeLintFinding({ line: 5 });
    const last = makeLintFinding({ line: 12 });
    const places = placeLint([first, inside, last], [builder, production]);
    expect(places).toEqual({ inStages: [[first, inside], [last]], outside: [] });
  });

  it("counts a comment between two instructions to their stage", () => {
    const comment = makeLintFinding({ line: 10 });
    expect(placeLint([comment], [builder, production]).inStages[1]).toEqual([comment]);
  });

  it("keeps what stands before the first FROM outside", () => {
    const argument = makeLintFinding({ line: 1 });
    expect(placeLint([argument], [builder, production]).outside).toEqual([argument]);
  });

  it("keeps what stands between two stages outside", () => {
    const between = makeLintFinding({ line: 8 });
    expect(placeLint([between], [builder, production]).outside).toEqual([between]);
  });

  it("keeps what is about the whole file outside", () => {
    const { line, ...whole } = makeLintFinding();
    expect(placeLint([whole], [builder, production]).outside).toEqual([whole]);
  });
});
