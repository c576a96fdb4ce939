import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/plan/dockerfile.ts";

/** `line: what` of everything that is wrong. */
function faults(text: string): readonly string[] {
  return parseDockerfile(text).faults.map(({ line, what }) => `${line ?? "file"}: ${what}`);
}

describe("stages", () => {
  test("are told with name, base and platform as written", () => {
    const { stages } = parseDockerfile(
      "FROM --platform=$P ${A}:b as Build.One\nRUN c\nfrom build.one",
    );
    expect(stages).toMatchObject([
      { index: 0, name: "Build.One", base: "${A}:b", platform: "$P" },
      { index: 1, name: undefined, base: "build.one", platform: undefined },
    ]);
  });

  test("hold the instructions up to the next FROM, their own first", () => {
    const { stages } = parseDockerfile("FROM a\nRUN b\nUSER c\nFROM d\nRUN e");
    expect(stages.map((stage) => stage.instructions.map(({ text }) => text))).toEqual([
      ["FROM a", "RUN b", "USER c"],
      ["FROM d", "RUN e"],
    ]);
  });

  test("may have a FROM over several lines", () => {
    const { stages } = parseDockerfile(
      "FROM \\\n  # why\n  --platform=x \\\n\n busy\\\nbox AS \\\n a",
    );
    expect(stages).toMatchObject([
      { name: "a", platform: "x", instructions: [{ lines: { start: 1, end: 7 } }] },
    ]);
  });
});

test("arguments above the first FROM are told as written, several of one line too", () => {
  const { globalArgs } = parseDockerfile('ARG A B="c d" C=$A\nFROM a\nARG D=e');
  expect(globalArgs).toEqual([
    { name: "A", value: undefined, line: 1 },
    { name: "B", value: '"c d"', line: 1 },
    { name: "C", value: "$A", line: 1 },
  ]);
});

describe("a Dockerfile is refused", () => {
  test.each([
    ["that is empty", "", "file: the file is empty"],
    ["that has comments only", "# a\n\n", "file: the file has no instructions"],
    ["that has no FROM", "ARG a\n", "file: the file has no FROM, so there is no stage"],
    [
      "with RUN above FROM",
      "RUN a\nFROM b",
      '1: only ARG can stand above the first FROM, not "RUN"',
    ],
    [
      "with an unknown instruction",
      "FROM a\nRUNN b",
      '2: unknown instruction "RUNN"; did you mean "RUN"?',
    ],
    ["whose FROM has no image", "FROM", '1: FROM takes an image, or an image AS a name: "FROM"'],
    [
      "whose FROM has two words",
      "FROM a b",
      '1: FROM takes an image, or an image AS a name: "FROM a b"',
    ],
    [
      "whose FROM has no AS",
      "FROM a IS b",
      '1: FROM takes an image, or an image AS a name: "FROM a IS b"',
    ],
    [
      "with too few arguments",
      "FROM a\nCOPY b",
      "2: COPY takes at least a source and a destination",
    ],
    [
      "with a variable in --from",
      "FROM a\nCOPY --from=$b c d",
      "2: from= takes no variables; give that image a stage of its own, and name the stage",
    ],
    [
      "with a variable in a mount's from",
      "FROM a\nRUN --mount=from=${b},target=/c d",
      "2: from= takes no variables; give that image a stage of its own, and name the stage",
    ],
    ["with numbers in JSON", "FROM a\nCMD [1]", "2: an array of arguments holds strings only"],
    [
      "with SHELL that is no JSON",
      "FROM a\nSHELL /bin/sh",
      '2: SHELL takes a JSON array of strings, such as ["/bin/sh", "-c"]',
    ],
    ["with ENV without a value", "FROM a\nENV b", "2: ENV takes a name and a value"],
    [
      "with LABEL where one has no =",
      "FROM a\nLABEL b=c d",
      '2: LABEL takes name=value, and "d" has no =',
    ],
    ["with ENV without a name", "FROM a\nENV =c", "2: ENV takes a name before the ="],
    ["with ARG without a name", "FROM a\nARG =c", "2: ARG takes a name before the ="],
    ["with USER and nothing", "FROM a\nUSER", "2: USER takes an argument"],
    [
      "with an unknown HEALTHCHECK",
      "FROM a\nHEALTHCHECK curl",
      "2: HEALTHCHECK takes CMD and a command, or NONE",
    ],
    [
      "with HEALTHCHECK CMD and nothing",
      "FROM a\nHEALTHCHECK CMD",
      "2: HEALTHCHECK CMD takes a command",
    ],
    [
      "with HEALTHCHECK NONE and more",
      "FROM a\nHEALTHCHECK NONE b",
      "2: HEALTHCHECK NONE takes no arguments",
    ],
    ["with ONBUILD FROM", "FROM a\nONBUILD FROM b", "2: FROM cannot stand behind ONBUILD"],
    ["with ONBUILD and nothing", "FROM a\nONBUILD", "2: ONBUILD takes an instruction"],
    [
      "with a here-document as destination",
      "FROM a\nCOPY b <<E\nE",
      "2: a here-document cannot be the destination of COPY",
    ],
    [
      "with an empty VOLUME",
      'FROM a\nVOLUME [""]',
      "2: VOLUME takes at least one path, and none that is empty",
    ],
  ])("%s", (_, text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });

  test.each(["1a", "a:b", "a/b", "_a", "a-", "a..b", "a___b", "é"])(
    "with a stage called %s",
    (name) => {
      const allowed = "a letter first, then letters, digits and single ., _ or - between them";
      expect(faults(`FROM a AS ${name}`)).toEqual([
        `1: a stage cannot be called "${name}": ${allowed}`,
      ]);
    },
  );

  test("for everything that is wrong, not the first thing only", () => {
    expect(faults("RUN a\nFROM b AS 1\nFOO c\nUSER")).toHaveLength(4);
  });
});

describe("a Dockerfile is taken", () => {
  test.each([
    ["with flags that only newer versions know", "FROM a\nCOPY --from-the-future b c"],
    ["with capitals and all separators in a name", "FROM a AS B.c-D_e--f__g1"],
    ["with an array that is no JSON", "FROM a\nRUN [ -d / ] && b"],
    ["with nothing behind CMD", "FROM a\nCMD"],
    [
      "with other instructions for another frontend",
      "# syntax=example.com/my/frontend\nFROM a\nUSE b",
    ],
  ])("%s", (_, text) => {
    expect(faults(text)).toEqual([]);
  });

  test("with other instructions only where the frontend is not Docker's", () => {
    expect(faults("# syntax=docker/dockerfile:1\nFROM a\nUSE b")).toHaveLength(1);
  });

  test("as the frontend does that a build argument asks for", () => {
    const other = { BUILDKIT_SYNTAX: "example.com/my/frontend" };
    expect(parseDockerfile("FROM a\nUSE b", other).faults).toEqual([]);
    const dockers = { BUILDKIT_SYNTAX: "docker/dockerfile:1" };
    const text = "# syntax=example.com/my/frontend\nFROM a\nUSE b";
    expect(parseDockerfile(text, dockers).faults).toHaveLength(1);
  });
});

const fixtures = join(import.meta.dirname, "..", "fixtures", "dockerfiles");

test.each(readdirSync(fixtures).filter((name) => name.endsWith(".Dockerfile")))(
  "nothing is wrong with %s",
  (name) => {
    expect(faults(readFileSync(join(fixtures, name), "utf8"))).toEqual([]);
  },
);
