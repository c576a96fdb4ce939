import { describe, expect, it } from "vitest";
import type { Advice } from "../../src/model/image.ts";
import { renderComment } from "../../src/report/markdown.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { makeAdvice, makeReport, makeReportImage, makeReportStage } from "../make.ts";
import { renderGfm } from "./render.ts";

function reportOf(advice: Partial<Advice>, contextBytes?: number) {
  const stages = [makeReportStage({ advice: [makeAdvice(advice)] })];
  const context = contextBytes === undefined ? {} : { contextBytes };
  return makeReport({ images: [makeReportImage({ stages, ...context })] });
}

/** The comment, with plain spaces for those that keep a line from being broken. */
function commentOf(advice: Partial<Advice>, contextBytes?: number): string {
  return renderComment(reportOf(advice, contextBytes), {}).replaceAll("\u00A0", " ");
}

describe("advice in the comment", () => {
  it.each(["RUN make && rm -r /src", "COPY . .", "ADD a.tar /", "ENV A=1"])(
    "is code where it is an instruction: %s",
    (instead) => {
      expect(commentOf({ instead })).toContain(`<br>\`${instead}\` |`);
    },
  );

  it.each([
    ["Write `**/.git` into `.dockerignore`.", "Write `**/.git` into `.dockerignore`."],
    ["Use ADD in an earlier stage.", "Use ADD in an earlier stage."],
    ["ADD_ALL is no instruction.", "ADD\\_ALL is no instruction."],
  ])("is a sentence with code in it where it is one: %s", (instead, shown) => {
    expect(commentOf({ instead })).toContain(`<br>${shown} |`);
  });

  it("has whole instructions, which are there to be copied", () => {
    const instead = `RUN ${"apt-get install less && ".repeat(10)}true`;
    expect(commentOf({ instead })).toContain(`\`${instead}\``);
  });

  it("shows hostile text as its characters, in code and in sentences", () => {
    const instead = "Write `**/<b>@me` into `<img src=x>`.";
    const html = renderGfm(commentOf({ instead, message: "`<script>` and @somebody." }));
    expect(html).not.toMatch(/<(?:script|img|b)\b/);
    expect(html).toContain("<code>**/&lt;b&gt;@me</code>");
  });

  it("tells how large the context was that was sent, where that is what it is about", () => {
    const sent = "1.2 MB of the build context were sent to the builder.";
    expect(commentOf({ rule: "context" }, 1_200_000)).toContain(sent);
    expect(commentOf({}, 1_200_000)).not.toContain("build context");
  });
});

describe("advice at a terminal", () => {
  it("is told whole, with how large the context was that was sent", () => {
    const instead = `RUN ${"apt-get install less && ".repeat(10)}true`;
    const report = reportOf({ rule: "context", instead }, 1_200_000);
    const text = renderTerminal(report, { color: false });
    expect(text).toContain(`→ ${instead}\n`);
    expect(text).toContain("\n  1.2 MB of the build context were sent to the builder.\n");
  });
});
