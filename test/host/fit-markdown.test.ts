import fc from "fast-check";
import { expect, test } from "vitest";
import { fitMarkdown } from "../../src/host/fit-markdown.ts";

const limit = (most: number) => ({ most, unit: "characters", note: "*cut*" }) as const;

test("what fits stays as it is", () => {
  expect(fitMarkdown("one\ntwo", limit(7))).toBe("one\ntwo");
});

test("what is too long is cut between lines, with a note", () => {
  expect(fitMarkdown("one\ntwo\nthree\nfour four four", limit(16))).toBe("one\ntwo\n\n*cut*\n");
});

test("open details are closed before the note", () => {
  const text = `<details><summary>a</summary>\n<details>\nx\n${"y\n".repeat(99)}`;
  expect(fitMarkdown(text, limit(90))).toMatch(/\n<\/details><\/details>\n\n\*cut\*\n$/);
});

test("an open fence is closed with its own marks before the note", () => {
  const text = `\`\`\`\`text\n<details>\n\`\`\`\n${"y\n".repeat(99)}`;
  expect(fitMarkdown(text, limit(60))).toMatch(/y\n\n````\n\n\*cut\*\n$/);
});

test("details and fences that were closed are not closed again", () => {
  const text = `<details>\n</details>\n~~~\n~~~\n${"y\n".repeat(99)}`;
  expect(fitMarkdown(text, limit(60))).toMatch(/y\n\n\*cut\*\n$/);
});

test("one line that is too long leaves the note alone", () => {
  expect(fitMarkdown("x".repeat(100), limit(20))).toBe("\n*cut*\n");
});

test("bytes are counted where bytes are the limit", () => {
  expect(fitMarkdown("漢字\n漢字\n", { most: 14, unit: "bytes", note: "n" })).toBe("漢字\n漢字\n");
  expect(fitMarkdown("漢字\n漢字\n", { most: 13, unit: "bytes", note: "n" })).toBe("漢字\n\nn\n");
});

test("the result is never longer than the limit", () => {
  const line = fc.constantFrom("<details>", "</details>", "```", "~~~~", "text", "漢字 x", "");
  const text = fc.array(line, { maxLength: 60 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, fc.integer({ min: 20, max: 120 }), (markdown, most) => {
      expect(fitMarkdown(markdown, limit(most)).length).toBeLessThanOrEqual(most);
    }),
  );
});
