// Advice on a later line than the one that wrote something.

import { describe, expect, it } from "vitest";
import { advised, CHOWNED, only } from "./advised-dockerfile.ts";

describe("advice on a stage that stands on another", () => {
  it("names none of them where the later line is the one to write otherwise", async () => {
    const text = "FROM busybox AS one\nCOPY a /a\nFROM one AS two\nRUN cp /a /b\n";
    const twice = { rule: "duplicate-content", lines: [2, 4], paths: ["/b"] } as const;
    const { message } = await only(text, twice, "two");
    expect(message).not.toContain("too");
  });

  it.each([
    ["metadata-only", "RUN touch /a"],
    ["metadata-only", "RUN chown -R 0:0 /a"],
    ["metadata-only", "COPY a /a"],
    ["compiled-cache", "RUN pip install b"],
    ["compiled-cache", "RUN /opt/venv/bin/pip install b"],
    ["compiled-cache", "RUN python -m compileall /a"],
  ] as const)(
    "names none where only that line is written otherwise: %s, %s",
    async (rule, line) => {
      const text = `FROM busybox AS one\nCOPY a /a\nFROM one AS two\n${line}\n`;
      const { message } = await only(text, { rule, lines: [2, 4], paths: ["/a/b"] }, "two");
      expect(message).not.toContain("Stage");
    },
  );

  it("names them where the line below compiles by itself", async () => {
    const line = "RUN python -m compileall /a";
    const text = `FROM busybox AS one\n${line}\nFROM one AS two\n${line}\n`;
    const { message } = await only(text, { rule: "compiled-cache", lines: [2, 4] }, "two");
    expect(message).toContain("Stage `one`, which has line 2 too, changes with it;");
  });
});

describe("what several lines wrote and one changes", () => {
  it("is told with what is left of that line if all advice is followed", async () => {
    const text = "FROM busybox\nCOPY a /app/a\nCOPY b /app/b\nRUN chown -R 7:7 /app\n";
    const advice = await advised(text, [
      { ...CHOWNED, lines: [2, 4] },
      { ...CHOWNED, lines: [3, 4] },
    ]);
    expect(advice.map(({ message }) => message.split(". ").at(-1))).toEqual([
      "Line 4 does the same to what line 3 wrote: with the advice on that too, it leaves all of it alone.",
      "Line 4 does the same to what line 2 wrote: with the advice on that too, it leaves all of it alone.",
    ]);
  });

  it("is told otherwise where that line does something else to each", async () => {
    const text = "FROM busybox\nCOPY a /a\nCOPY b /b\nRUN touch /a && chmod 700 /b\n";
    const { owner, ...saving } = CHOWNED;
    const advice = await advised(text, [
      { ...saving, lines: [2, 4] },
      { ...saving, lines: [3, 4], mode: "700" },
    ]);
    expect(advice.map(({ message }) => message.split(". ").at(-1))).toEqual([
      "Line 4 also changes what line 3 wrote: with the advice on that too, it leaves all of it alone.",
      "Line 4 also changes what line 2 wrote: with the advice on that too, it leaves all of it alone.",
    ]);
  });
});
