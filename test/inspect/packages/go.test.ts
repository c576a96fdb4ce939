import { describe, expect, it } from "vitest";
import { growth, LINEAR } from "../../growth.ts";
import { say } from "./say.ts";

const START = Buffer.from("3077af0c9274080241e1c107e6d618e6", "hex");
const END = Buffer.from("f932433186182072008242104116d8f2", "hex");

const MODULES = `path\tgithub.com/some/tool/cmd/tool
mod\tgithub.com/some/tool\tv1.2.3\th1:AAAA=
dep\tgolang.org/x/sys\tv0.1.0\th1:BBBB=
build\t-compiler=gc
`;

/** A program with this text in it, `before` bytes behind its beginning. */
function program(text: string, before = 1000): Buffer {
  return Buffer.concat([
    Buffer.from("\x7fELF", "latin1"),
    Buffer.alloc(before, "\x30\x77\xaf\x0c\x92\x00", "latin1"),
    START,
    Buffer.from(text),
    END,
    Buffer.alloc(500),
  ]);
}

const SMALLEST_PIECES = { mode: 0o755, piece: 1 } as const;

describe("a program that Go built", () => {
  it.each([1, 7, 15, 16, 17, 1000, 100_000])("names its main module, read by %i bytes", (piece) => {
    expect(say("/usr/bin/tool", program(MODULES), { mode: 0o755, piece })).toEqual([
      {
        type: "golang",
        name: "github.com/some/tool",
        version: "v1.2.3",
        files: ["/usr/bin/tool"],
      },
    ]);
  });

  it("has no version where nobody gave it one", () => {
    const said = say("/tool", program(MODULES.replace("v1.2.3", "(devel)")), { mode: 0o755 });
    expect(said).toMatchObject([{ name: "github.com/some/tool", version: "" }]);
  });

  it("is called after its main package where there is no module", () => {
    const said = say("/tool", program("path\tcommand-line-arguments\n"), { mode: 0o755 });
    expect(said).toMatchObject([{ name: "command-line-arguments", version: "" }]);
  });

  it("says nothing when it ends within what it tells", () => {
    const whole = program(MODULES);
    const cut = whole.subarray(0, whole.indexOf(END));
    expect(say("/tool", cut, { mode: 0o755 })).toEqual([]);
  });

  it("says nothing when what it tells has no end", () => {
    const endless = program("x".repeat(3_000_000));
    expect(say("/tool", endless, { mode: 0o755, piece: 65536 })).toEqual([]);
  });

  it("is read in little time, in however small pieces it comes", () => {
    const work = (length: number) => say("/tool", program("x".repeat(length)), SMALLEST_PIECES);
    expect(growth(400_000, work)).toBeLessThan(LINEAR);
  });

  it("is one that can be run", () => {
    expect(say("/tool", program(MODULES))).toBeUndefined();
    expect(say("/tool", program(MODULES).subarray(4), { mode: 0o755 })).toEqual([]);
  });
});
