import { describe, expect, it } from "vitest";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";

async function gather(text: string) {
  await using project = await createProject({ Dockerfile: "" });
  const { inputs, problems } = await gatherInputs(project, { "layer-limits": text });
  return { limits: inputs.layerLimits, problems };
}

describe("limits of layers", () => {
  it("are those of the code when nothing is said", async () => {
    expect(await gather("")).toEqual({ limits: {}, problems: [] });
  });

  it("are a map of sizes and numbers", async () => {
    const text =
      "archive: 1TB\nentries: 6000000\nframes: 7000000\nlayers: 65000\n" +
      "names: 512 MiB\nowners: 100000\nratio: 5000\n";
    expect(await gather(text)).toEqual({
      limits: {
        ...{ archive: 1e12, entries: 6e6, frames: 7e6, layers: 65_000 },
        ...{ names: 2 ** 29, owners: 1e5, ratio: 5000 },
      },
      problems: [],
    });
  });

  it("may be written in one line", async () => {
    const { limits } = await gather("{ entries: 5, archive: 1000 }");
    expect(limits).toEqual({ entries: 5, archive: 1000 });
  });

  it("are told what is wrong with them all at once, each with its line", async () => {
    const text = "archive: 1Gb\nentrys: 5\nratio: -1\nowners: [1]\nnames: 1MB\nentries: 1e12\n";
    const { limits, problems } = await gather(text);
    expect(limits).toEqual({ names: 1e6 });
    expect(problems.map(({ where }) => where)).toEqual([
      "input layer-limits, line 1",
      "input layer-limits, line 2",
      "input layer-limits, line 3",
      "input layer-limits, line 4",
      "input layer-limits, line 6",
    ]);
    expect(problems.map(({ what }) => what)).toEqual([
      expect.stringContaining("archive: "),
      `"entrys" is not a limit; limits are archive, entries, frames, layers, names, owners and ratio; did you mean "entries"?`,
      `ratio: "-1" is not a whole number from 1 to 100,000,000`,
      "owners: is a list",
      `entries: "1000000000000" is not a whole number from 1 to 100,000,000`,
    ]);
  });

  it("are not nothing", async () => {
    const { limits, problems } = await gather("names: 0\narchive: 0 MB\nratio: 0\n");
    expect(limits).toEqual({});
    expect(problems.map(({ what }) => what)).toEqual([
      'names: "0" is nothing; it has to be at least 1B',
      'archive: "0 MB" is nothing; it has to be at least 1B',
      `ratio: "0" is not a whole number from 1 to 100,000,000`,
    ]);
  });

  it("allow no more layers than can be numbered", async () => {
    expect((await gather("layers: 65001")).problems).toMatchObject([
      { what: `layers: "65001" is not a whole number from 1 to 65,000` },
    ]);
  });

  it("are a map, not a list of words", async () => {
    const { problems } = await gather("everything");
    expect(problems).toMatchObject([{ where: "input layer-limits, line 1" }]);
  });
});
