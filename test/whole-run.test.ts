import { describe, expect, it } from "vitest";
import { refusalOf } from "../scripts/tests/whole-run.ts";

describe("npm test", () => {
  it("runs without arguments", () => {
    expect(refusalOf([])).toBeUndefined();
  });

  it("refuses a file, and says how single files are run", () => {
    expect(refusalOf(["test/judge/judge.test.ts"])).toBe(`\
npm test runs everything: it does not take test/judge/judge.test.ts. Some of the tests are run by
  npm run test:unit -- FILE.test.ts
  npm run test:integration -- FILE.itg.ts`);
  });
});
