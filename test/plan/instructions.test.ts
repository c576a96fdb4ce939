import { describe, expect, test } from "vitest";
import { readInstructions } from "../../src/plan/instructions.ts";

/** `KEYWORD first-last` of every instruction. */
function lines(text: string): readonly string[] {
  return readInstructions(text).instructions.map(
    (instruction) => `${instruction.keyword} ${instruction.lines.start}-${instruction.lines.end}`,
  );
}

function texts(text: string): readonly string[] {
  return readInstructions(text).instructions.map((instruction) => instruction.text);
}

describe("lines of instructions", () => {
  test("count from 1 and leave comments and empty lines between instructions out", () => {
    expect(lines("# a\n\nFROM a\n\n  # b\nRUN b\n")).toEqual(["FROM 3-3", "RUN 6-6"]);
  });

  test("take in continuation lines, and comments and empty lines among them", () => {
    expect(lines("FROM a\nRUN a \\\n# b\n\n  # c \\\n  d\nRUN e")).toEqual([
      "FROM 1-1",
      "RUN 2-6",
      "RUN 7-7",
    ]);
  });

  test("take in the empty line that ends a file in the middle of an instruction", () => {
    expect(lines("FROM a\nRUN b \\\n\n")).toEqual(["FROM 1-1", "RUN 2-3"]);
  });

  test("are the same with Windows line ends", () => {
    expect(lines("FROM a\r\nRUN b \\\r\n  c\r\nRUN d\r\n")).toEqual([
      "FROM 1-1",
      "RUN 2-3",
      "RUN 4-4",
    ]);
  });

  test("are the same behind a byte-order mark", () => {
    expect(lines("\uFEFFFROM a\nRUN b")).toEqual(["FROM 1-1", "RUN 2-2"]);
  });

  test("go on behind blanks after the continuation character", () => {
    expect(lines("FROM a\nRUN b \\ \t\n  c\nRUN d")).toEqual(["FROM 1-1", "RUN 2-3", "RUN 4-4"]);
  });

  test("end where the continuation character is doubled", () => {
    expect(lines("FROM a\nRUN b \\\\\nRUN c")).toEqual(["FROM 1-1", "RUN 2-2", "RUN 3-3"]);
  });

  test("begin at a continuation character that stands alone", () => {
    expect(lines("FROM a\n\\\nRUN b")).toEqual(["FROM 1-1", "RUN 2-3"]);
  });
});

describe("the escape directive", () => {
  test("makes a backtick continue lines, and a backslash not", () => {
    expect(lines("# escape=`\nFROM a\nRUN b `\n  c\nCOPY d C:\\\nRUN e")).toEqual([
      "FROM 2-2",
      "RUN 3-4",
      "COPY 5-5",
      "RUN 6-6",
    ]);
  });

  test("may be written with blanks, in capitals and behind other directives", () => {
    const { directives } = readInstructions("# syntax=x\n#  ESCAPE = ` \nFROM a");
    expect(directives.escapeCharacter).toBe("`");
  });

  test.each([
    ["a comment", "# hello\n# escape=`\nFROM a"],
    ["an empty line", "\n# escape=`\nFROM a"],
    ["an instruction", "FROM a\n# escape=`\n"],
    ["an unknown directive", "# unknown=1\n# escape=`\nFROM a"],
  ])("is a comment behind %s", (_, text) => {
    expect(readInstructions(text).directives.escapeCharacter).toBe("\\");
  });

  test("is refused with another character, at its line", () => {
    const { faults } = readInstructions("# syntax=x\n# escape=!\nFROM a");
    expect(faults).toEqual([{ line: 2, what: '"# escape=" takes \\ or `, not "!"' }]);
  });

  test("is refused a second time", () => {
    const { faults } = readInstructions("# escape=`\n# escape=`\nFROM a");
    expect(faults).toEqual([{ line: 2, what: 'only one "# escape=" line can be used' }]);
  });
});

describe("here-documents", () => {
  test("belong to the instruction that announces them", () => {
    expect(lines("FROM a\nRUN <<EOF\nFROM b\n# c\nEOF\nRUN d")).toEqual([
      "FROM 1-1",
      "RUN 2-5",
      "RUN 6-6",
    ]);
  });

  test("follow each other in the order of their names", () => {
    expect(lines("FROM a\nCOPY <<one <<two /b/\ntwo\none\none\ntwo\nRUN c")).toEqual([
      "FROM 1-1",
      "COPY 2-6",
      "RUN 7-7",
    ]);
  });

  test.each(["RUN <<'END IT'", 'ADD <<"END IT" /a', "COPY <<END\\ IT /a", "RUN 3<<'END IT' cat"])(
    "have a name that may be quoted: %s",
    (instruction) => {
      const keyword = instruction.split(" ")[0];
      expect(lines(`FROM a\n${instruction}\nb\nEND IT\nUSER c`)).toEqual([
        "FROM 1-1",
        `${keyword} 2-4`,
        "USER 5-5",
      ]);
    },
  );

  test("end at an indented name only behind <<-, and only with tabs", () => {
    expect(lines("FROM a\nRUN <<-E\n  E\n\t\tE\nRUN <<E\n\tE\nE\nRUN b")).toEqual([
      "FROM 1-1",
      "RUN 2-4",
      "RUN 5-7",
      "RUN 8-8",
    ]);
  });

  test("begin behind continuation lines", () => {
    expect(lines("FROM a\nRUN cat \\\n  <<E\nb\nE\nRUN c")).toEqual([
      "FROM 1-1",
      "RUN 2-5",
      "RUN 6-6",
    ]);
  });

  test("may be announced behind ONBUILD", () => {
    expect(lines("FROM a\nONBUILD RUN <<E\nFROM b\nE\nRUN c")).toEqual([
      "FROM 1-1",
      "ONBUILD 2-4",
      "RUN 5-5",
    ]);
  });

  test.each([
    ["arithmetic", "RUN echo $((1<<2))"],
    ["a here-string", "RUN cat <<<E"],
    ["JSON", 'RUN ["cat", "<<E"]'],
    ["double quotes", 'RUN echo "<<E"'],
    ["single quotes", "RUN echo '<<E'"],
    ["an instruction that takes none", "CMD cat <<E"],
    ["quotes that do not pair", "RUN echo it's <<E"],
    ["an escaped sign", "RUN echo \\<<E"],
  ])("are not announced by %s", (_, instruction) => {
    expect(lines(`FROM a\n${instruction}\nUSER b`)).toHaveLength(3);
  });

  test("that do not end are a fault at the instruction", () => {
    const { faults } = readInstructions("FROM a\nRUN <<EOF\nb\n");
    expect(faults).toEqual([{ line: 2, what: 'no line "EOF" ends its here-document' }]);
  });
});

describe("an instruction's own text", () => {
  test("joins continuation lines by one blank and leaves comments out", () => {
    expect(texts("FROM a\nRUN b   \\\n  # why\n\n   && c\n")).toEqual(["FROM a", "RUN b && c"]);
  });

  test("has its here-documents in it", () => {
    expect(texts("FROM a\nRUN <<E\nb\n  c\nE\n")).toEqual(["FROM a", "RUN <<E b c E"]);
  });
});

test("flags are told from arguments, without their quotes", () => {
  const { instructions } = readInstructions(
    'RUN --mount="type=bind,from=a b" --x=\\y --z -- --no a',
  );
  expect(instructions[0]?.command).toEqual({
    keyword: "RUN",
    flags: [
      { name: "mount", value: "type=bind,from=a b" },
      { name: "x", value: "y" },
      { name: "z", value: undefined },
    ],
    rest: "--no a",
  });
});

test("a line longer than BuildKit can hold is a fault", () => {
  const { faults } = readInstructions(`FROM a\nRUN ${"b".repeat(65_532)}\n`);
  expect(faults).toEqual([{ line: 2, what: "a line holds at most 65,535 bytes" }]);
});
