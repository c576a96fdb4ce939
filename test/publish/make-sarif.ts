import type { SarifFile } from "../../src/publish/sarif-bundles.ts";

/** A document of one run in one category, with nothing found. */
export function makeSarif(
  category: string,
  extra: Readonly<Record<string, unknown>> = {},
): SarifFile {
  const text = JSON.stringify({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "trivy", rules: [] } },
        automationDetails: { id: `${category}/` },
        results: [],
        ...extra,
      },
    ],
  });
  return { category, path: `sarif/${category.replaceAll("/", "-")}.sarif`, text };
}
