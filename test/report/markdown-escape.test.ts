import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  escapeBlock,
  escapeCode,
  escapeSentence,
  escapeText,
  htmlCode,
  link,
} from "../../src/report/markdown-escape.ts";
import { visibleLine, visibleOutput } from "../../src/report/visible.ts";
import { hostileText } from "./hostile.ts";
import { cellsOf, elementsOf, renderGfm, textOf } from "./render.ts";

/** Mentions, references, commits, emoji and addresses: GitHub looks for them in the text itself. */
const LIVE = /@\w|#\d|GH-\d|:\/\/|www\.|:[\w+-]+:|[0-9a-f]{7}/i;

const table = ["td", "th", "tr", "table", "thead", "tbody"];

function contentOf(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

describe("escapeText", () => {
  it("leaves plain words as they are", () => {
    expect(escapeText("Pin versions in apt get install")).toBe("Pin versions in apt get install");
  });

  it("shows every character of hostile text in a paragraph, and makes no element", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = renderGfm(`Says ${escapeText(text)} indeed`);
        expect(elementsOf(html).filter((name) => name !== "p" && name !== "span")).toEqual([]);
        expect(html.match(/<span>/g)?.length ?? 0).toBe(text.match(/\$/g)?.length ?? 0);
        expect(contentOf(textOf(html))).toBe(contentOf(`Says ${visibleLine(text)} indeed`));
      }),
      { numRuns: 400 },
    );
  });

  it("starts no block at the start of a paragraph or a list item", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const allowed = ["p", "span", "ul", "li"];
        for (const before of ["", "- "]) {
          const elements = elementsOf(renderGfm(`${before}${escapeText(text)}`));
          expect(elements.filter((name) => !allowed.includes(name))).toEqual([]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("stays in its cell of a table", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const cells = `| ${escapeText(one)} | ${escapeText(other)} |`;
        const html = renderGfm(`| A | B |\n|:--|--:|\n${cells}`);
        expect(elementsOf(html).filter((name) => ![...table, "span"].includes(name))).toEqual([]);
        expect(cellsOf(html).map(contentOf)).toEqual(
          [visibleLine(one), visibleLine(other)].map(contentOf),
        );
      }),
      { numRuns: 400 },
    );
  });

  it("leaves nothing that GitHub would link after rendering", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const rendered = renderGfm(escapeText(text)).replace(/<[^>]*>/g, "\n");
        expect(rendered.replace(/&#\d+;|&\w+;/g, " ")).not.toMatch(LIVE);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ["a mention", "@octocat", "@\u200Boctocat"],
    ["a reference", "#123", "\\#\u200B123"],
    ["a reference in words", "see GH-7", "see GH-\u200B7"],
    ["an address", "https://a.example", "https:\u200B//a.example"],
    ["a commit", "at 0123456789abcdef", "at 012345\u200B6789ab\u200Bcdef"],
    ["an emoji", "a :heart_eyes: b", "a :\u200Bheart\\_eyes: b"],
    ["mathematics", "$x$", "<span>$</span>x<span>$</span>"],
    ["a numbered list", "1. first", "1\\. first"],
    ["no version", "1.24.0 is old", "1.24.0 is old"],
    ["a line break", "one\r\ntwo", "one two"],
    ["a direction mark", "\u202Egpj.exe", "\\<U+202E\\>gpj.exe"],
    ["a terminal's colours", "\u001B[31mred\u001B[0m", "red"],
  ])("takes the power out of %s", (_, text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });
});

describe("escapeSentence", () => {
  it("shows what stands between backticks as code", () => {
    expect(escapeSentence("Use `apt-get *` and `-y`, not `a|b`.")).toBe(
      "Use `apt-get *` and `-y`, not <code>a&#124;b</code>.",
    );
  });

  it("shows backticks as they are where they do not come in pairs", () => {
    expect(escapeSentence("a ` b")).toBe("a \\` b");
    expect(escapeSentence("a `` b")).toBe("a \\`\\` b");
  });

  it("makes no element but code, and loses no character but backticks", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = renderGfm(`Says ${escapeSentence(text)} indeed`);
        const allowed = ["p", "span", "code"];
        expect(elementsOf(html).filter((name) => !allowed.includes(name))).toEqual([]);
        const squeezed = (words: string): string => words.replace(/[`\s]/g, "");
        expect(squeezed(textOf(html))).toBe(squeezed(`Says ${visibleLine(text)} indeed`));
      }),
      { numRuns: 400 },
    );
  });
});

describe("escapeCode", () => {
  it("is a plain code span for plain text", () => {
    expect(escapeCode("python:3.11-slim")).toBe("`python:3.11-slim`");
  });

  it("uses entities where the text has backticks, pipes or backslashes", () => {
    expect(escapeCode("a`b|c\\d")).toBe("<code>a&#96;b&#124;c&#92;d</code>");
  });

  it("is an empty element for empty text", () => {
    expect(escapeCode("\n")).toBe("<code></code>");
  });

  it("shows every character of hostile text as code, and nothing else", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = renderGfm(`Runs ${escapeCode(text)} again`);
        expect(elementsOf(html)).toEqual(["p", "code"]);
        expect(contentOf(textOf(html))).toBe(contentOf(`Runs ${visibleLine(text)} again`));
      }),
      { numRuns: 400 },
    );
  });

  it("stays in its cell of a table", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = renderGfm(`| A | B |\n|:--|--:|\n| ${escapeCode(text)} | end |`);
        expect(elementsOf(html).filter((name) => !table.includes(name))).toEqual(["code"]);
        expect(cellsOf(html).map(contentOf)).toEqual([contentOf(visibleLine(text)), "end"]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("htmlCode", () => {
  it("ends neither the summary nor the details that it stands in", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = renderGfm(
          `<details>\n<summary>${htmlCode(text)}</summary>\n\nbody\n\n</details>`,
        );
        expect(elementsOf(html)).toEqual(["details", "summary", "code", "p"]);
        expect(textOf(html)).toContain(visibleLine(text));
      }),
      { numRuns: 400 },
    );
  });
});

describe("escapeBlock", () => {
  it("has a fence longer than any run of backticks inside", () => {
    expect(escapeBlock(["a ```` b"])).toBe("`````text\na ```` b\n`````");
  });

  it("shows every line of hostile output, and ends where it ends", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { maxLength: 5 }), (lines) => {
        const html = renderGfm(`${escapeBlock(lines)}\n\nafter`);
        expect(elementsOf(html)).toEqual(["pre", "code", "p"]);
        const shown = lines.flatMap((line) => line.split(/\r\n|\r|\n/)).map(visibleOutput);
        expect(textOf(html)).toBe([...shown, "", "after"].join("\n"));
      }),
      { numRuns: 400 },
    );
  });
});

describe("link", () => {
  it("links an address of the web", () => {
    expect(link("`DL3008`", "https://github.com/hadolint/hadolint/wiki/DL3008")).toBe(
      "[`DL3008`](https://github.com/hadolint/hadolint/wiki/DL3008)",
    );
  });

  it("links nothing else", () => {
    expect(link("x", "javascript:alert(1)")).toBe("x");
    expect(link("x", undefined)).toBe("x");
  });

  it("is one link, whatever the address holds", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = renderGfm(`See ${link("this", `https://example.com/${text}`)} page`);
        expect(elementsOf(html)).toEqual(["p", "a"]);
        expect(textOf(html)).toBe("See this page");
      }),
      { numRuns: 400 },
    );
  });
});
