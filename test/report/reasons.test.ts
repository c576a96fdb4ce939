import { expect, test } from "vitest";
import { renderTerminal } from "../../src/report/terminal.ts";
import { makeReport } from "../make-report.ts";
import { comment, summary } from "./rendered.ts";

const note = `The build cache could not be written: write /cache/${"wxyz".repeat(100)}: no space left on device`;

test.each([
  ["the comment", comment],
  ["the summary", summary],
  [
    "the terminal",
    (report: ReturnType<typeof makeReport>) => renderTerminal(report, { color: false }),
  ],
])("of a long note %s tells the cause, which stands last", (_where, render) => {
  expect(render(makeReport({ notes: [note] }))).toMatch(
    /The build cache could not be written: write .*…[wxyz]+: no space left on device/,
  );
});
