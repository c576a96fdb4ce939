// Inputs as a runner hands them over, as variables. It only warns of one that action.yml does not
// have: what a misspelt one asks for would silently not be done.
import type { Problem } from "../errors.ts";
import { RULE_NAMES } from "./goals.ts";
import { INPUT_NAMES, type InputName } from "./input-kinds.ts";
import { listOf, nearestSlip, quoted } from "./wording.ts";

/** What is to be said of variables that begin as inputs do. */
export interface UnknownInputs {
  readonly problems: readonly Problem[];
  /** What the reader of the report should know. One sentence each. */
  readonly notes: readonly string[];
}

/**
 * Variables that stand for no input. One that is called nearly as an input, or as a rule of `goals`,
 * is a problem; any other may be a variable of the job's own, and is noted.
 * @param env all variables of the process
 */
export function unknownInputs(env: Readonly<Record<string, string | undefined>>): UnknownInputs {
  const unknown = Object.keys(env)
    .filter((variable) => variable.startsWith(PREFIX) && variable !== PREFIX)
    .filter((variable) => !INPUT_NAMES.some((name) => variable === variableOf(name)))
    .map((variable) => ({ variable, what: slipIn(variable.slice(PREFIX.length).toLowerCase()) }));
  const others = unknown.flatMap(({ variable, what }) => (what === undefined ? [variable] : []));
  return {
    problems: unknown.flatMap(({ what }) =>
      what === undefined ? [] : [{ where: "inputs", what }],
    ),
    notes: others.length === 0 ? [] : [noteOf(others)],
  };
}

const PREFIX = "INPUT_";

/** https://docs.github.com/actions/reference/metadata-syntax-for-github-actions#inputs */
function variableOf(name: InputName): string {
  return `${PREFIX}${name.toUpperCase()}`;
}

/** What is wrong with a name that is nearly right; undefined where nothing is near. */
function slipIn(name: string): string | undefined {
  const isNone = `there is no input ${quoted(name)}`;
  const near = nearestSlip(name, INPUT_NAMES);
  if (near !== undefined) return `${isNone}; did you mean ${quoted(near)}?`;
  const rule = RULE_NAMES.find((known) => known.includes("-") && known === name);
  return rule === undefined ? undefined : `${isNone}; it is a rule, and stands in "goals"`;
}

/** Most variables that the note names. */
const NAMED = 12;

function noteOf(variables: readonly string[]): string {
  const more = variables.length - NAMED;
  const named = [...variables.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])];
  const [begins, is] = variables.length === 1 ? ["begins", "is"] : ["begin", "are"];
  return `${listOf(named)} ${begins} as inputs do, and ${is} none: what was given so was not read.`;
}
