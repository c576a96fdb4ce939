import { describe, expect, it } from "vitest";
import { fingerprintInFile, lineFingerprints } from "../../src/report/fingerprint.ts";

// Known values: those that GitHub's own implementation is tested with,
// https://github.com/github/codeql-action/blob/main/src/fingerprints.test.ts
describe("lineFingerprints", () => {
  it("knows an empty text", () => {
    expect(lineFingerprints("")).toEqual(["c129715d7a2bc9a3:1"]);
  });

  it("leaves out spaces and tabs", () => {
    expect(lineFingerprints(" a\nb\n  \t\tc\n d")).toEqual([
      "271789c17abda88f:1",
      "54703d4cd895b18:1",
      "180aee12dab6264:1",
      "a23a3dc5e078b07b:1",
    ]);
  });

  const greetings = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
  ];

  it.each([
    ["line feeds", " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"],
    ["carriage returns", " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r"],
    ["both together", " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n"],
    ["a mixture", " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n"],
  ])("treats %s alike", (_, text) => {
    expect(lineFingerprints(text)).toEqual(greetings);
  });

  it("tells a text without a line end at its end from one with it", () => {
    expect(lineFingerprints(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End")).toEqual([
      "8b7cf3e952e7aeb2:1",
      "b1ae1287ec4718d9:1",
      "bff680108adb0fcc:1",
      "c6805c5e1288b612:1",
      "b86d3392aea1be30:1",
      "e6ceba753e1a442:1",
    ]);
  });

  it("counts lines that look the same", () => {
    expect(lineFingerprints("Lorem ipsum dolor sit amet.\n".repeat(10))).toEqual([
      "a7f2ff13bc495cf2:1",
      "a7f2ff13bc495cf2:2",
      "a7f2ff13bc495cf2:3",
      "a7f2ff13bc495cf2:4",
      "a7f2ff13bc495cf2:5",
      "a7f2ff13bc495cf2:6",
      "a7f2ff1481e87703:1",
      "a9cf91f7bbf1862b:1",
      "55ec222b86bcae53:1",
      "cc97dc7b1d7d8f7b:1",
      "c129715d7a2bc9a3:1",
    ]);
  });

  it("tells short lines apart by what follows", () => {
    expect(lineFingerprints("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n")).toEqual([
      "e54938cc54b302f1:1",
      "bb609acbe9138d60:1",
      "1131fd5871777f34:1",
      "5c482a0f8b35ea28:1",
      "54517377da7028d2:1",
      "2c644846cb18d53e:1",
      "f1b89f20de0d133:1",
      "c129715d7a2bc9a3:1",
    ]);
  });
});

describe("fingerprintInFile", () => {
  it("has the form of a line's, and is another for each path and each line", () => {
    const [one = "", other = ""] = lineFingerprints("COPY keys /keys\nCOPY more /more\n");
    const all = [
      fingerprintInFile(one, "/keys/a.pem"),
      fingerprintInFile(one, "/keys/b.pem"),
      fingerprintInFile(other, "/keys/a.pem"),
    ];
    for (const fingerprint of all) expect(fingerprint).toMatch(/^[0-9a-f]+:1$/);
    expect(new Set(all).size).toBe(3);
    expect(fingerprintInFile(one, "/keys/a.pem")).toBe(all[0]);
  });
});
