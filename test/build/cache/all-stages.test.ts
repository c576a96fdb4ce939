import { describe, expect, it } from "vitest";
import { textOfAll } from "../../../src/build/cache/all-stages.ts";
import { makeInstruction, makePlannedImage, makeStage } from "../../make.ts";

const lastLines = (text: string, count: number) => text.trimEnd().split("\n").slice(-count);

describe("the stage that needs all others", () => {
  it("mounts them, where one has a shell", () => {
    const image = makePlannedImage();
    expect(lastLines(textOfAll(image, image.stages, "new"), 2)).toEqual([
      "FROM production AS weighbridge-all",
      "RUN --mount=from=production,target=/.weighbridge/0 : new",
    ]);
  });

  it("copies from them, where none has", () => {
    const run = makeInstruction({ text: 'RUN ["/app"]' });
    const image = makePlannedImage({ stages: [makeStage({ instructions: [run] })] });
    expect(lastLines(textOfAll(image, image.stages, "new"), 3)).toEqual([
      "FROM scratch AS weighbridge-all",
      "WORKDIR /.weighbridge/new",
      "COPY --from=0 /.weighbridge-none-* /",
    ]);
  });

  it("copies from many by way of others, so that no layer stands upon all the rest", () => {
    const stages = Array.from({ length: 70 }, (_, index) =>
      makeStage({ index, name: `s${index}`, instructions: [] }),
    );
    const text = textOfAll(makePlannedImage({ stages }), stages, "new");
    const [, ...made] = text.split(/^FROM scratch.*\n/m);
    const sources = made.map((part) =>
      [...part.matchAll(/--from=(\d+)/g)].map(([, at]) => Number(at)),
    );
    // Nine that copy from all, two that copy from these, and the last one.
    expect(sources.map(({ length }) => length)).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 6, 8, 1, 2]);
    expect(sources.flat()).toEqual(Array.from({ length: 81 }, (_, index) => index));
    expect(made.every((part) => part.startsWith("WORKDIR /.weighbridge/new\n"))).toBe(true);
  });

  it.each([
    ["RUN a \\", "RUN a "],
    ["RUN a \\\n", "RUN a \n"],
    ["RUN a \\  \n# note\n\n", "RUN a \n# note\n\n"],
    ["# escape=`\nRUN a `\n", "# escape=`\nRUN a \n"],
  ])("is no part of an instruction that goes on at the end of %j", (text, kept) => {
    const image = makePlannedImage({ text });
    expect(textOfAll(image, [])).toBe(`${kept}\nFROM production AS weighbridge-all\n`);
  });

  it.each(["RUN a", "RUN a \\\\", "# a \\", "# escape=`\nRUN a \\"])(
    "leaves %j as it is, which ends there",
    (text) => {
      const image = makePlannedImage({ text });
      expect(textOfAll(image, [])).toBe(`${text}\nFROM production AS weighbridge-all\n`);
    },
  );
});
