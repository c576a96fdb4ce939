import { parse } from "yaml";
import { isObject, member, textOf } from "../json.ts";

/**
 * An action's inputs as variables: those that are given, and for the others the defaults of its
 * `action.yml`, empty where it has none. Names are in capitals, spaces become underscores,
 * dashes stay.
 * https://docs.github.com/actions/reference/metadata-syntax-for-github-actions#inputs
 */
export function inputVariables(
  given: Readonly<Record<string, string>>,
  actionYaml: string | undefined,
  github: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const all = { ...defaults(actionYaml ?? "", github), ...given };
  const variables = Object.entries(all).map(([name, value]) => [variableOf(name), value]);
  return Object.fromEntries(variables);
}

function variableOf(input: string): string {
  return `INPUT_${input.replaceAll(" ", "_").toUpperCase()}`;
}

function defaults(
  actionYaml: string,
  github: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const inputs = member(parse(actionYaml), "inputs");
  if (!isObject(inputs)) return {};
  const values = Object.entries(inputs).map(([name, input]) => [
    name,
    evaluate(String(member(input, "default") ?? ""), github),
  ]);
  return Object.fromEntries(values);
}

/**
 * Puts in what `${{ github.… }}` stands for, and of a job without a matrix what `${{ toJSON(matrix) }}`
 * does. Other expressions have no place in a default here.
 */
function evaluate(text: string, github: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    if (expression === "toJSON(matrix)") return "null";
    const value = textOf(github[expression.replace(/^github\./, "")]);
    if (value === undefined) throw new Error(`cannot evaluate the default \${{ ${expression} }}`);
    return value;
  });
}
