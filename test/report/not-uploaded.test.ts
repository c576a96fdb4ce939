import { expect, test } from "vitest";
import { renderComment } from "../../src/report/markdown.ts";
import { notUploadedSentence } from "../../src/report/not-uploaded.ts";
import { makeReport } from "../make-report.ts";

const otherwise = "alerts that may still be true would be closed";
const why = { what: "the stage base was not scanned", said: "connection refused", otherwise };

test("what is kept from code scanning is told with what a tool says, and what would become of it", () => {
  expect(notUploadedSentence({ categories: ["a/trivy", "b/trivy"], why })).toBe(
    `Not uploaded to code scanning: a/trivy, b/trivy (the stage base was not scanned: connection refused; ${otherwise})`,
  );
});

test("the comment cuts what a tool says, not the sentence that it stands in", () => {
  const said = "no answer ".repeat(100);
  const notUploaded = [{ categories: ["weighbridge/Dockerfile/trivy"], why: { ...why, said } }];
  const lines = renderComment(makeReport(), { notUploaded }).split("\n");
  const line = lines.find((each) => each.startsWith("Not uploaded")) ?? "";
  expect(line).toMatch(
    /no answer .*….* no answer; alerts that may still be true would be closed\)\.$/,
  );
  expect(line.length).toBeLessThan(400);
});
