import { expect, it } from "vitest";
import { renderComment, renderSummary } from "../../src/report/markdown.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { tradingApp } from "./trading-app.ts";

const NAME = "_multiarray_umath.cpython-311-x86_64-linux-gnu.so";

it("a long path has its file's name in the comment and the terminal, and is whole in the summary", () => {
  expect(renderComment(tradingApp, {})).toMatch(new RegExp(`\`/usr.*….*/${NAME}\``));
  expect(renderSummary(tradingApp, {})).toContain(
    `\`/usr/local/lib/python3.11/site-packages/numpy/_core/${NAME}\``,
  );
  expect(renderTerminal(tradingApp, { color: false })).toMatch(new RegExp(`….*/${NAME}\n`));
});
