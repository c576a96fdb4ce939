import { expect, test } from "vitest";
import { bakeTargets } from "../../../src/build/bake-file.ts";
import { BuildWarnings, withWarnings } from "../../../src/build/progress/build-warnings.ts";
import { parseProgress } from "../../../src/build/progress/progress.ts";
import { makePlannedImage } from "../../make.ts";

const app = makePlannedImage({ text: "FROM scratch\n" });
const other = makePlannedImage({ name: "other", text: "FROM busybox\n" });

/** The line of progress of one warning. */
function warned(short: string, dockerfile = app.text) {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const progress = parseProgress(
    JSON.stringify({
      warnings: [
        {
          short: base64(short),
          url: "https://example.com/rule",
          sourceInfo: { data: base64(dockerfile) },
          range: [{ start: { line: 5 }, end: { line: 5 } }],
        },
      ],
    }),
  );
  if (progress === undefined) throw new Error("no progress");
  return progress;
}

const finding = {
  tool: "buildkit",
  rule: "InvalidBaseImagePlatform",
  severity: "warning",
  message: "Base image was pulled for another one",
  help: "https://example.com/rule",
  line: 5,
} as const;
const SHORT = "InvalidBaseImagePlatform: Base image was pulled for another one (line 5)";

test("a warning is a finding of the Dockerfile that it is about, once", () => {
  const warnings = new BuildWarnings();
  warnings.follow(warned(SHORT), bakeTargets([app, other]));
  warnings.follow(warned(SHORT), bakeTargets([app, other]));
  expect(warnings.findings).toEqual(new Map([["app", [finding]]]));
});

test("a warning that names no rule is left out", () => {
  const warnings = new BuildWarnings();
  warnings.follow(warned("the disk is nearly full"), bakeTargets([app]));
  expect(warnings.findings).toEqual(new Map());
});

test("what was checked before is not told again, and what was not checked stays so", () => {
  const checked = { kind: "checked", findings: [finding] } as const;
  const another = { ...finding, line: 7 };
  expect(withWarnings(checked, [finding, another])).toEqual({
    kind: "checked",
    findings: [finding, another],
  });
  const off = { kind: "off" } as const;
  expect(withWarnings(off, [finding])).toBe(off);
});
