import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { bundleSarif } from "../../src/publish/sarif-bundles.ts";
import { makeSarif } from "./make-sarif.ts";

const categories = (count: number) => Array.from({ length: count }, (_, index) => `c/${index + 1}`);

test("up to twenty runs are one document", () => {
  const { bundles } = bundleSarif(categories(20).map((category) => makeSarif(category)));
  expect(bundles).toHaveLength(1);
  const document: unknown = JSON.parse(bundles[0]?.text ?? "");
  expect(document).toMatchObject({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: categories(20).map((category) => ({ automationDetails: { id: `${category}/` } })),
  });
});

test("the twenty-first run begins a second document", () => {
  const { bundles } = bundleSarif(categories(21).map((category) => makeSarif(category)));
  expect(bundles.map((bundle) => bundle.categories)).toEqual([categories(20), ["c/21"]]);
});

test("documents that are too large together are kept apart", () => {
  const noise = () => ({ properties: { noise: randomBytes(3_000).toString("base64") } });
  const files = categories(3).map((category) => makeSarif(category, noise()));
  const { bundles, tooLarge } = bundleSarif(files, 8_000);
  expect(bundles.map((bundle) => bundle.categories)).toEqual([["c/1", "c/2"], ["c/3"]]);
  expect(tooLarge).toEqual([]);
});

test("a document that is too large for itself is left out, and the others are not", () => {
  const noise = { properties: { noise: randomBytes(9_000).toString("base64") } };
  const large = makeSarif("c/2", noise);
  const { bundles, tooLarge } = bundleSarif([makeSarif("c/1"), large, makeSarif("c/3")], 8_000);
  expect(bundles.map((bundle) => bundle.categories)).toEqual([["c/1", "c/3"]]);
  expect(tooLarge).toEqual([large]);
});

test("what is not SARIF is a bug of ours", () => {
  const broken = { category: "c", path: "c.sarif", text: "{}" };
  expect(() => bundleSarif([broken])).toThrow("no runs in the SARIF of c");
});
