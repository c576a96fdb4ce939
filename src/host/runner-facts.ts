// What the runner says of the run, in variables and in its event file. When it does not hold, somebody
// has set it: that is told as what is wrong with inputs is.

import { readFileSync } from "node:fs";
import { messageOf, type Problem } from "../errors.ts";
import { readCiRun } from "./ci-run.ts";
import type { CiRun } from "./host.ts";

/** The run, and where its GitHub is. */
export interface RunnerFacts {
  /** Undefined where the variables describe none. */
  readonly ci: CiRun | undefined;
  /** `https://api.github.com`, or `https://HOST/api/v3`; without a slash at the end. */
  readonly apiUrl: string;
  /** Everything in it that cannot be so; then the rest does not count. */
  readonly problems: readonly Problem[];
}

/** Reads what the runner says. */
export function readRunnerFacts(env: Readonly<Record<string, string>>): RunnerFacts {
  const problems: Problem[] = [];
  const event = readEvent(env.GITHUB_EVENT_PATH ?? "", problems);
  const apiUrl = addressIn(env, "GITHUB_API_URL", problems) || "https://api.github.com";
  addressIn(env, "GITHUB_SERVER_URL", problems);
  checkName(env, "GITHUB_REPOSITORY", problems);
  checkName(env, "GITHUB_SHA", problems);
  const ci = problems.length > 0 ? undefined : readCiRun(env, event);
  return { ci, apiUrl, problems };
}

/** Its text is not shown: an event can hold anything. */
function readEvent(path: string, problems: Problem[]): unknown {
  if (path === "") return undefined;
  const where = `GITHUB_EVENT_PATH, ${path}`;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const isMalformed = error instanceof SyntaxError;
    const what = isMalformed ? "is not the JSON of an event" : messageOf(error);
    problems.push({ where, what });
    return undefined;
  }
}

function addressIn(
  env: Readonly<Record<string, string>>,
  name: "GITHUB_API_URL" | "GITHUB_SERVER_URL",
  problems: Problem[],
): string {
  const address = env[name] ?? "";
  const isAddress = URL.canParse(address) && /^https?:\/\/[^?#]+$/i.test(address);
  if (address !== "" && !isAddress) {
    const what = `${JSON.stringify(address)} is not the address of a GitHub, such as https://api.github.com`;
    problems.push({ where: name, what });
  }
  return address.replace(/\/+$/, "");
}

/** What a variable has to be where it is set, and what that is called. */
const NAMES = {
  GITHUB_REPOSITORY: { form: /^[\w.-]+\/[\w.-]+$/, is: "a repository, such as octo/app" },
  GITHUB_SHA: { form: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, is: "a commit, in 40 hexadecimal digits" },
} as const;

function checkName(
  env: Readonly<Record<string, string>>,
  variable: keyof typeof NAMES,
  problems: Problem[],
): void {
  const value = env[variable] ?? "";
  const { form, is } = NAMES[variable];
  if (value === "" || form.test(value)) return;
  problems.push({ where: variable, what: `${JSON.stringify(value)} is not ${is}` });
}
