// What holds for every text, however odd.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/plan/dockerfile.ts";
import { addressStages } from "../../src/plan/generated-dockerfile.ts";
import { resolveStages } from "../../src/plan/graph.ts";
import { readInstructions } from "../../src/plan/instructions.ts";
import { readShellText } from "../../src/plan/shell-lexer.ts";

const linux = { os: "linux", architecture: "amd64", variant: "" };
const settings = { buildArgs: {}, buildContexts: {}, target: linux, machine: linux };

/** Texts that are full of what means something in a Dockerfile. */
const oddText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."FROM a AS b|RUN <<EOF|EOF|COPY --from=b c d|RUN --mount=from=b,target=/x e|ARG A=1".split(
          "|",
        ),
        ...'\\|`|\n|\r\n|#| |\t|<<-E|E|\'|"|${|}|$A|=|["|ONBUILD|# escape=`|\uFEFF'.split("|"),
      ),
      fc.string({ unit: "binary", maxLength: 8 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

/** Dockerfiles whose stages share a few names, so that they hide and mean each other. */
const tangledDockerfile = fc
  .array(
    fc.record({
      base: fc.constantFrom("x", "y", "scratch", "one", "two", "three", "$V"),
      name: fc.constantFrom("", " AS one", " as Two", " AS three", " AS weighbridge-stage-1"),
      body: fc.constantFrom(
        "",
        "RUN a\n",
        "COPY --from=one b c\n",
        "COPY --from=0 b c\n",
        "RUN --mount=from=two,target=/t d\n",
        "ONBUILD COPY --from=three b c\n",
      ),
      lineEnd: fc.constantFrom("\n", "\r\n", " \n", "\n# comment\n"),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((stages) => {
    const blocks = stages.map(
      ({ base, name, body, lineEnd }) => `FROM ${base}${name}${lineEnd}${body}`,
    );
    return `ARG V=one\n${blocks.join("")}`;
  });

describe("reading any text", () => {
  test("comes to an end, whatever is in it", () => {
    fc.assert(
      fc.property(oddText, (text) => {
        resolveStages(parseDockerfile(text), settings);
      }),
      { numRuns: 2_000 },
    );
  });

  test("gives instructions lines of the file, in order and apart", () => {
    fc.assert(
      fc.property(oddText, (text) => {
        const count = text.split("\n").length;
        let last = 0;
        for (const { lines } of readInstructions(text).instructions) {
          expect(lines.start).toBeGreaterThan(last);
          expect(lines.end).toBeGreaterThanOrEqual(lines.start);
          last = lines.end;
        }
        expect(last).toBeLessThanOrEqual(count);
      }),
      { numRuns: 2_000 },
    );
  });

  test("finds each piece of an instruction where it says it stands", () => {
    fc.assert(
      fc.property(oddText, (text) => {
        for (const { source } of readInstructions(text).instructions) {
          for (const piece of source.pieces) {
            expect(text.startsWith(piece.text, piece.offset)).toBe(true);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("gives the same stages with Windows line ends", () => {
    fc.assert(
      fc.property(tangledDockerfile, (text) => {
        const unix = text.replaceAll("\r\n", "\n");
        const windows = unix.replaceAll("\n", "\r\n");
        const stagesOf = (dockerfile: string) =>
          parseDockerfile(dockerfile).stages.map(({ name, base, instructions }) => ({
            name,
            base,
            instructions: instructions.map(({ lines, text: own }) => ({ lines, own })),
          }));
        expect(stagesOf(windows)).toEqual(stagesOf(unix));
      }),
    );
  });
});

test("replacing variables comes to an end, and leaves a text without signs as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (text, value) => {
      const read = readShellText(text, { escapeCharacter: "\\", lookUp: () => value });
      if (!/[\\'"$]/.test(text)) expect(read).toMatchObject({ kind: "text", text });
    }),
    { numRuns: 1_000 },
  );
});

describe("addressing every stage of any Dockerfile", () => {
  test("changes neither what stages stand on nor what they need", () => {
    fc.assert(
      fc.property(tangledDockerfile, (text) => {
        const before = resolveStages(parseDockerfile(text), settings);
        const wanted = new Set(before.stages.keys());
        const { generatedText } = addressStages(text, before.stages, wanted);
        const after = resolveStages(parseDockerfile(generatedText ?? text), settings);
        expect(after.stages.map(({ base, needs }) => ({ base, needs }))).toEqual(
          before.stages.map(({ base, needs }) => ({ base, needs })),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test("gives each a target that BuildKit resolves to it, on lines that stay", () => {
    fc.assert(
      fc.property(tangledDockerfile, (text) => {
        const { stages } = resolveStages(parseDockerfile(text), settings);
        const { targets, generatedText } = addressStages(text, stages, new Set(stages.keys()));
        const generated = parseDockerfile(generatedText ?? text).stages;
        const names = generated.map(({ name }) => name?.toLowerCase() ?? "");
        for (const [index, target] of targets.entries()) {
          // The last of a name wins; without a target, the last stage.
          const addressed = target === "" ? generated.length - 1 : names.lastIndexOf(target);
          expect(addressed).toBe(index);
        }
        expect(generated.map(({ instructions }) => instructions[0].lines)).toEqual(
          stages.map(({ parsed }) => parsed.instructions[0].lines),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
