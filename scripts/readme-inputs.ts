// Carries what action.yml says to the places that repeat it: the README's tables and
// src/inputs/input-table.ts, from which the command's --help is made. Run it after action.yml
// changed: `node scripts/readme-inputs.ts`.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";

/** An input as action.yml documents it. */
export interface DocumentedInput {
  /** Heading that it stands under. */
  readonly group: string;
  readonly name: string;
  readonly description: string;
}

/** An output as action.yml documents it. */
export interface DocumentedOutput {
  readonly name: string;
  readonly description: string;
}

/** What action.yml says of inputs and outputs, in its order. */
export interface ActionTables {
  readonly inputs: readonly DocumentedInput[];
  readonly outputs: readonly DocumentedOutput[];
}

/** Reads action.yml. A comment above an input opens the group of that name. */
export function readActionTables(text: string): ActionTables {
  const document = parseDocument(text);
  if (document.errors[0] !== undefined) throw document.errors[0];
  const inputs = mapAt(document.contents, "inputs");
  const outputs = mapAt(document.contents, "outputs");
  return { inputs: documentedInputs(inputs), outputs: outputs.items.map(documented) };
}

/** TypeScript of src/inputs/input-table.ts, to be formatted. */
export function renderInputTable({ inputs, outputs }: ActionTables): string {
  return [
    "// Made from action.yml by `node scripts/readme-inputs.ts`; a test holds the two together.",
    "",
    "/** Every input with its words from action.yml, in its order. */",
    `export const INPUT_TABLE = ${JSON.stringify(inputs, undefined, 2)} as const;`,
    "",
    "/** Every output with its words from action.yml, in its order. */",
    `export const OUTPUT_TABLE = ${JSON.stringify(outputs, undefined, 2)} as const;`,
    "",
  ].join("\n");
}

/** The README with both tables between their markers replaced. */
export function renderReadme(readme: string, { inputs, outputs }: ActionTables): string {
  const groups = Map.groupBy(inputs, (input) => input.group);
  const inputTables = [...groups].map(([group, rows]) => `**${group}**\n\n${table("input", rows)}`);
  return replaceBetween(
    replaceBetween(readme, "inputs", inputTables.join("\n\n")),
    "outputs",
    table("output", outputs),
  );
}

function table(title: string, rows: readonly DocumentedOutput[]): string {
  const lines = rows.map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`);
  return [`| ${title} | |`, "|---|---|", ...lines].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function replaceBetween(text: string, name: string, body: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(open);
  const to = text.indexOf(close, from);
  if (from < 0 || to < 0) throw new Error(`README.md has no ${open} … ${close}`);
  return `${text.slice(0, from + open.length)}\n${body}\n${text.slice(to)}`;
}

function documentedInputs(inputs: YAMLMap): DocumentedInput[] {
  let group = groupAbove(inputs.commentBefore);
  return inputs.items.map((pair) => {
    group = (isScalar(pair.key) && groupAbove(pair.key.commentBefore)) || group;
    return { group: group || "Inputs", ...documented(pair) };
  });
}

function groupAbove(comment: string | null | undefined): string {
  return (comment ?? "").trim();
}

function documented({ key, value }: Pair): DocumentedOutput {
  const description = isMap(value) ? value.get("description") : undefined;
  if (!isScalar(key) || typeof description !== "string") {
    throw new Error(`action.yml: ${String(key)} has no description`);
  }
  return { name: String(key.value), description };
}

function mapAt(contents: unknown, key: string): YAMLMap {
  const value = isMap(contents) ? contents.get(key) : undefined;
  if (!isMap(value)) throw new Error(`action.yml has no ${key}`);
  return value;
}

function main(): void {
  const tables = readActionTables(readFileSync("action.yml", "utf8"));
  const source = "src/inputs/input-table.ts";
  writeFileSync(source, renderInputTable(tables));
  execFileSync("node_modules/.bin/biome", ["check", "--write", source], { stdio: "inherit" });
  if (!existsSync("README.md")) return;
  writeFileSync("README.md", renderReadme(readFileSync("README.md", "utf8"), tables));
}

if (import.meta.main) main();
