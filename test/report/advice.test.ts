import { describe, expect, it } from "vitest";
import type { GoalResult } from "../../src/model/goal.ts";
import type { Advice } from "../../src/model/image.ts";
import { renderComment } from "../../src/report/markdown.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { makeAdvice } from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
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

  it("is told once for each thing that one stage is told, with each stage once", () => {
    const [one, other] = [makeAdvice({ message: "One." }), makeAdvice({ message: "Other." })];
    const stages = ["a", "b"].map((name) => makeReportStage({ name, advice: [one, other] }));
    const comment = renderComment(makeReport({ images: [makeReportImage({ stages })] }), {});
    const rows = [...comment.matchAll(/^\| .* \| (.*) \| .* \| (One|Other)\./gm)];
    expect(rows.map(([, names, what]) => [names, what])).toEqual([
      ["both", "One"],
      ["both", "Other"],
    ]);
  });

  it("tells how large the context was that was sent, where that is what it is about", () => {
    const sent = "1.2 MB of the build context were sent to the builder.";
    expect(commentOf({ rule: "context" }, 1_200_000)).toContain(sent);
    expect(commentOf({}, 1_200_000)).not.toContain("build context");
  });
});

/** A stage of 100 MB that misses a goal, and what is advised for it. */
function missing(goal: Omit<GoalResult, "verdict">, advice: readonly Partial<Advice>[]) {
  const stage = makeReportStage({
    name: "slim",
    unpacked: 100_000_000,
    own: { unpacked: 40_000_000 },
    goals: [{ ...goal, verdict: "fail" }],
    advice: advice.map((one, at) => makeAdvice({ lines: [at + 1], ...one })),
  });
  return makeReport({ images: [makeReportImage({ stages: [stage] })] });
}

/** A stage that is 30 MB over its goal, and what is advised for it. */
function overGoal(...saved: readonly number[]) {
  return missing(
    { rule: "max-unpacked", limit: 70_000_000, actual: 100_000_000 },
    saved.map((bytes) => ({ bytes })),
  );
}

/** Comment and terminal without what makes code of a name. */
function textsOf(report: ReturnType<typeof missing>): readonly [string, string] {
  const comment = renderComment(report, {}).replaceAll("\u00A0", " ").replaceAll("`", "");
  return [comment, renderTerminal(report, { color: false })];
}

describe("advice beside a goal on unpacked bytes that is missed", () => {
  it("tells which piece of it is enough by itself, with some leeway", () => {
    const [comment, terminal] = textsOf(overGoal(31_000_000, 30_000_000));
    expect(comment.match(/\*\*Enough for the goal on unpacked bytes of slim\.\*\*/g)).toHaveLength(
      1,
    );
    expect(terminal.match(/Enough for the goal on unpacked bytes of slim\./g)).toHaveLength(1);
    expect(comment).not.toContain("slim has to lose");
  });

  it.each([
    [[20_000_000, 15_000_000], "can be enough."],
    [[20_000_000, 5_000_000], "saves at most 25 MB."],
    [[20_000_000], "saves at most 20 MB."],
    [[30_000_000], "can be enough."],
  ])("tells what all of it does: %j", (saved, words) => {
    const [comment, terminal] = textsOf(overGoal(...saved));
    const needs = "slim has to lose 30 MB to meet its goal on unpacked bytes: all that is advised";
    expect(comment).toContain(`${needs} ${words}`);
    expect(terminal).toContain(`${needs} ${words}`);
    expect(comment).not.toContain("Enough for");
  });

  it("says nothing where no such goal is missed", () => {
    const [comment, terminal] = textsOf(reportOf({ bytes: 31_000_000 }));
    expect(`${comment}${terminal}`).not.toMatch(/[Ee]nough|has to lose/);
  });
});

describe("advice beside a goal on wasted bytes that is missed", () => {
  it.each([
    { rule: "max-wasted", limit: 1_000_000, actual: 15_000_000 },
    // Without 14 MB that are wasted, 86 MB are left, of which 80 MB are seen: 93.02%.
    { rule: "min-efficiency", limit: 93, actual: 80 },
    // Of 26 own MB that are left without 14 MB, 1 MB is wasted: 3.85%.
    { rule: "max-own-wasted", limit: 3.9, actual: 37.5 },
  ] as const)("tells whether it is enough for $rule", (goal) => {
    const words = "Enough for the goal on wasted bytes of slim.";
    for (const told of textsOf(missing(goal, [{ bytes: 14_300_000 }]))) {
      expect(told).toContain(words);
    }
    for (const told of textsOf(missing(goal, [{ bytes: 13_900_000 }]))) {
      expect(told).not.toContain(words);
      expect(told).toContain(
        "to meet its goal on wasted bytes: all that is advised saves at most 13.9 MB.",
      );
    }
  });

  it("is only that which takes away what no container sees", () => {
    const goal = { rule: "max-wasted", limit: 1_000_000, actual: 15_000_000 } as const;
    const [comment, terminal] = textsOf(missing(goal, [{ rule: "package-cache" }]));
    expect(`${comment}${terminal}`).not.toMatch(/[Ee]nough|has to lose/);
  });
});

describe("advice at a terminal", () => {
  it("is the five pieces that save most, and the number of the others", () => {
    const told = (count: number) =>
      renderTerminal(overGoal(...Array(count).fill(1_000_000)), { color: false });
    expect(told(7)).toContain("and 2 more, with --out DIR or --format json\n");
    expect(told(5)).not.toContain("and ");
  });

  it("says where the others are, where they are somewhere", () => {
    const report = overGoal(...Array(7).fill(1_000_000));
    const text = renderTerminal(report, { color: false, restIsIn: "in the summary" });
    expect(text).toContain("and 2 more, in the summary\n");
  });

  it("is plain text, but for what is to be copied as it is", () => {
    const message = "Line 2 copies `.git`.";
    const told = { message, instead: "Write `**/.git` into `.dockerignore`." };
    expect(renderTerminal(reportOf(told), { color: false })).toMatch(
      /Line 2 copies \.git\. [^\n]*\n *→ Write \*\*\/\.git into \.dockerignore\./,
    );
    const run = { message, instead: "RUN echo `date`" };
    expect(renderTerminal(reportOf(run), { color: false })).toContain("→ RUN echo `date`");
  });

  it("is told whole, with how large the context was that was sent", () => {
    const instead = `RUN ${"apt-get install less && ".repeat(10)}true`;
    const report = reportOf({ rule: "context", instead }, 1_200_000);
    const text = renderTerminal(report, { color: false });
    expect(text).toContain(`→ ${instead}\n`);
    expect(text).toContain("\n  1.2 MB of the build context were sent to the builder.\n");
  });
});

describe("advice for several stages of which some miss a goal", () => {
  const most = (limit: number, actual: number): GoalResult => {
    const verdict = actual > limit ? "fail" : "pass";
    return { rule: "max-unpacked", limit, actual, verdict };
  };
  const large = Array.from({ length: 6 }, (_, at) =>
    makeAdvice({ lines: [at + 2], message: `Large ${at}.`, bytes: 30_000_000 + at }),
  );
  const small = makeAdvice({ lines: [14], message: "Small.", bytes: 9_000_000 });
  const dev = makeReportStage({ name: "dev", goals: [most(500, 200)], advice: large });
  const shipped = { name: "production", goals: [most(5_000_000, 13_000_000)] };
  const reportWith = (...stages: readonly ReturnType<typeof makeReportStage>[]) =>
    makeReport({ verdict: "fail", images: [makeReportImage({ stages })] });

  it("is first that for the stages that do, however little it saves", () => {
    const report = reportWith(dev, makeReportStage({ ...shipped, advice: [small] }));
    for (const text of textsOf(report)) {
      expect(text.indexOf("Small.")).toBeGreaterThan(0);
      expect(text.indexOf("Small.")).toBeLessThan(text.indexOf("Large 5."));
      expect(text).not.toContain("Large 0.");
    }
  });

  it("names those that nothing is advised for, the worst first", () => {
    const worker = makeReportStage({ name: "worker", goals: [most(5, 500)] });
    const nothing = "Nothing is advised for worker, production.";
    for (const text of textsOf(reportWith(dev, makeReportStage(shipped), worker))) {
      expect(text).toContain(nothing);
    }
    const [comment, terminal] = textsOf(reportWith(makeReportStage(shipped), worker));
    expect(comment).toContain(`\n\n${nothing}\n\n`);
    expect(terminal).toContain(`What would make Dockerfile smaller\n  ${nothing}\n`);
  });

  it("names no stage that meets its goals, or has none", () => {
    const stages = [{ ...dev, advice: [] }, makeReportStage({ name: "bare" })];
    const texts = textsOf(reportWith(...stages));
    expect(texts.join("")).not.toContain("Nothing is advised");
  });
});
