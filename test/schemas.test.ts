import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ADVICE_RULES } from "../src/model/image.ts";

it.each(["report", "inspect"])("the schema of %s knows every rule of advice", (name) => {
  const path = new URL(`../schema/${name}.schema.json`, import.meta.url);
  const { $defs } = JSON.parse(readFileSync(path, "utf8")) as {
    $defs: { advice: { properties: { rule: { enum: readonly string[] } } } };
  };
  expect($defs.advice.properties.rule.enum).toEqual(ADVICE_RULES);
});
