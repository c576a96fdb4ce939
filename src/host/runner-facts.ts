// What the runner says of the run, in variables and in its event file. When it does not hold, somebody
// has set it: that is told before anything else is done.

import { readFileSync } from "node:fs";
import { messageOf, type Problem, UserError } from "../errors.ts";
import { readCiRun } from "./ci-run.ts";
import type { CiRun } from "./host.ts";

/** The run, and where its GitHub is. */
export interface RunnerFacts {
  /** Undefined where the variables describe none. */
  readonly ci: CiRun | undefined;
  /** `https://api.github.com`, or `https://HOST/api/v3`; without a slash at the end. */
  readonly apiUrl: string;
}

/**
 * Reads what the runner says.
 * @throws UserError with everything in it that cannot be so
 */
export function readRunnerFacts(env: Readonly<Record<string, string>>): RunnerFacts {
  const problems: Problem[] = [];
  const event = readEvent(env.GITHUB_EVENT_PATH ?? "", problems);
  const apiUrl = addressIn(env, "GITHUB_API_URL", problems) || "https://api.github.com";
  addressIn(env, "GITHUB_SERVER_URL", problems);
  if (problems.length > 0) throw new UserError(problems);
  return { ci: readCiRun(env, event), apiUrl };
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
