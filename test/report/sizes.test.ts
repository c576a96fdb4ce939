import { describe, expect, it } from "vitest";
import type { Waste } from "../../src/model/image.ts";
import { makeAdvice, makeBaseLayer, makeDigest, makeLayer, makeWaste } from "../make.ts";
import { comment, reportOf, summary, tooBig } from "./rendered.ts";
import { tradingApp } from "./trading-app.ts";

describe("what is biggest", () => {
  it("is shown at once for a stage that is too big", () => {
    const markdown = comment(tradingApp);
    const at = markdown.indexOf("**What is biggest in `production`**");
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(markdown.indexOf("<details>"));
    expect(markdown).toContain("| 24.3 MB | 8.41 MB | 42 | `RUN pip install --no-cache-dir");
  });

  it("has folders and files in tables of their own, with their lines", () => {
    expect(comment(tradingApp)).toContain(
      [
        "| 9.62 MB | `/app` | 45 |",
        "",
        "| Unpacked | File | Line |",
        "| --: | :-- | --: |",
        "| 10.1 MB |",
      ].join("\n"),
    );
  });

  it("does not give a row to every small layer", () => {
    const layers = [100_000, 139_000_000, 200_000].map((unpacked) => makeLayer({ unpacked }));
    const markdown = comment({ ...reportOf({ goals: [tooBig], layers }), verdict: "fail" });
    expect(markdown).toContain("| 300 kB | 20 MB |  | 2 smaller layers |");
  });

  it("leaves out what is less than a thousandth of the image", () => {
    const layers = [makeBaseLayer({ unpacked: 139_999_768 })].concat(
      [116, 116].map((unpacked) => makeLayer({ unpacked })),
    );
    const biggestFiles = [
      { path: "/lib/large", bytes: 140_000 },
      { path: "/lib/small", bytes: 139_999 },
    ];
    const parts = { biggestFolders: [], packages: [], biggestFiles };
    for (const goals of [[], [tooBig]]) {
      const markdown = comment({ ...reportOf({ layers, ...parts, goals }), verdict: "fail" });
      expect(markdown).toContain("What is biggest in");
      expect(markdown).toContain("/lib/large");
      expect(markdown).not.toMatch(/116 B|smaller layer|lib\/small/);
    }
  });

  it("has a line to open that names what is behind it, and none for nothing", () => {
    const headings = (parts: Parameters<typeof reportOf>[0]) => {
      const report = { ...reportOf({ goals: [tooBig], ...parts }), verdict: "fail" } as const;
      return comment(report).match(/Its biggest [^<]*/g);
    };
    expect(headings({})).toEqual(["Its biggest folders, files and packages"]);
    expect(headings({ packages: [] })).toEqual(["Its biggest folders and files"]);
    expect(headings({ packages: [], biggestFolders: [] })).toEqual(["Its biggest files"]);
    expect(headings({ packages: [], biggestFolders: [], biggestFiles: [] })).toBeNull();
  });

  it("has no heading for an image of a few bytes", () => {
    const file = { path: "/etc/hostname", bytes: 116 };
    const few = {
      unpacked: 116,
      layers: [makeLayer({ unpacked: 116 })],
      biggestFiles: [file],
      biggestFolders: [{ ...file, path: "/etc" }],
      packages: [],
    };
    const missed = { ...tooBig, limit: 100, actual: 116 };
    for (const goals of [[], [missed]]) {
      const report = { ...reportOf({ ...few, goals }), verdict: "fail" } as const;
      expect(comment(report)).not.toContain("What is biggest");
    }
  });

  it("tells the base image as one", () => {
    expect(comment(tradingApp)).toContain(
      "| 133.2 MB | 45.3 MB | 1 | `FROM python:3.11-slim AS deps-builder` 2 base layers |",
    );
  });

  it("is behind a line to open for the others", () => {
    const markdown = comment(tradingApp);
    const other = markdown.slice(markdown.indexOf("What is biggest in the other stages"));
    expect(other).toContain("**`deps-builder`**, 343.3 MB");
    expect(other).not.toContain("**`production`**");
  });

  it("has the size of a stage with the digits that it has in the table", () => {
    const goals = [{ ...tooBig, limit: 5_010_000, actual: 5_005_000, verdict: "pass" }] as const;
    const markdown = comment(reportOf({ unpacked: 5_005_000, goals }));
    expect(markdown).toContain("| `production` | 5.005 MB |");
    expect(markdown).toContain("**`production`**, 5.005 MB");
  });

  it("names the stages that there is no room for: neither one with a goal, nor the last", () => {
    const stages = ["a", "b", "c", "d", "e", "f"].map((name, at) => ({
      name,
      layers: [makeLayer({ digest: makeDigest(String(at)) })],
      goals: at === 0 ? [tooBig] : [],
    }));
    const report = { ...reportOf(...stages), verdict: "fail" } as const;
    expect(comment(report)).toContain("… and 2 more stages: `d`, `e`.\n\n</details>");
    expect(summary(report)).not.toContain("more stages");
  });
});

describe("what would make it smaller", () => {
  it("has a price, and what to write instead", () => {
    expect(comment(reportOf({ advice: [makeAdvice()] }))).toContain(
      [
        "**What would make it smaller**",
        "",
        "| Saves | Stages | Line | What, and what to write instead |",
        "| --: | :-- | --: | :-- |",
        "| 20 MB | `production` | 3, 5 | Line 5 deletes what line 3 wrote, which every pull still downloads.<br>`RUN pip install -r requirements.txt && rm -rf /root/.cache` |",
      ].join("\n"),
    );
  });

  it("names three of its lines, and says how many others there are", () => {
    const report = reportOf({ advice: [makeAdvice({ lines: [3, 5, 38, 47, 55] })] });
    expect(comment(report)).toContain("| 20 MB | `production` | 3, 5, 38 and 2 more | ");
  });

  it("is told once for stages that share the lines, with what it saves at most", () => {
    const report = reportOf(
      { advice: [makeAdvice({ bytes: 1_000_000 })] },
      { name: "development", advice: [makeAdvice()] },
    );
    expect(comment(report)).toContain("| 20 MB | both | 3, 5 |");
    expect(comment(report)).not.toContain("| 1 MB |");
  });

  it("is counted where there is no room for all", () => {
    const advice = [1, 2, 3, 4, 5].map((line) => makeAdvice({ lines: [line] }));
    expect(comment(reportOf({ advice }))).toContain("… and 2 more.");
  });

  it("is not a heading over nothing", () => {
    expect(comment(reportOf({ advice: [] }))).not.toContain("smaller");
  });
});

describe("wasted bytes", () => {
  it("are told by the line that wrote them and the one that made them dead", () => {
    const waste = [makeWaste(), makeWaste({ files: 41, bytes: 500_000 })].map((item, at) =>
      at === 0 ? item : withoutPath(item),
    );
    const report = reportOf({ wasted: 20_500_000, live: 119_500_000, efficiency: 0.85357, waste });
    expect(summary(report)).toContain(
      [
        "<summary>Up to 20.5 MB of a stage are wasted: no container can see them</summary>",
        "",
        "| Wasted | Stages | Written by | Hidden by | How | Largest file |",
        "| --: | :-- | :-- | :-- | :-- | :-- |",
        "| 20.5 MB | `production` | line 3 | line 5 | deleted | `/root/.cache/pip/http/wheel.body` and 41 more files |",
      ].join("\n"),
    );
  });

  it("have no section where they are few and break no goal", () => {
    const stage = { wasted: 9_000, waste: [makeWaste({ bytes: 9_000 })] };
    const goal = { rule: "max-wasted", limit: 1_000, actual: 9_000, verdict: "fail" } as const;
    expect(summary(reportOf(stage))).not.toContain("no container can see them");
    expect(summary(reportOf({ ...stage, unpacked: 200_000 }))).toContain("Up to 9 kB of a stage");
    expect(summary({ ...reportOf({ ...stage, goals: [goal] }), verdict: "fail" })).toContain(
      "Up to 9 kB of a stage",
    );
  });

  it("are summed up beyond what there is room for", () => {
    const waste = Array.from({ length: 12 }, (_, at) =>
      makeWaste({
        bytes: 12_000_000 - at,
        killedBy: { layer: 2 + at, digest: makeDigest(at.toString(16)) },
      }),
    );
    const report = { ...reportOf({ wasted: 99_000_000, waste }), verdict: "fail" } as const;
    expect(comment(report)).toContain("\n\n… and 7 more rows, 84 MB.\n\n</details>");
    expect(summary(report)).not.toContain("more rows");
  });

  it("of layers without a line are told by the layer's number", () => {
    const waste = [makeWaste({ writtenBy: { layer: 0, digest: makeDigest("b") } })];
    const report = reportOf({ wasted: 20_000_000, live: 120_000_000, efficiency: 0.857, waste });
    expect(summary(report)).toContain("| layer 1 | line 5 | deleted |");
  });
});

function withoutPath({ path, ...rest }: Waste): Waste {
  return rest;
}
