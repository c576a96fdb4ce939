import { quoted } from "../inputs/wording.ts";
import type { Dockerfile, GlobalArg } from "./dockerfile.ts";
import type { Fault } from "./fault.ts";
import { formatPlatform, type Platform } from "./platform.ts";
import { readShellText, type ShellText } from "./shell-lexer.ts";

/** What gives variables their values besides the Dockerfile. */
export interface VariableSettings {
  readonly buildArgs: Readonly<Record<string, string>>;
  /** What the images are built for. */
  readonly target: Platform;
  /** What the builder runs on. */
  readonly machine: Platform;
}

/** The variables that `FROM` and `--platform` know. */
export interface GlobalVariables {
  /** A word with its variables replaced, as `FROM` does it. */
  expand(word: string): ShellText;
  readonly faults: readonly Fault[];
}

/**
 * Reads the `ARG`s above the first `FROM`: a build argument wins over the default, and a default may
 * name those above it and those that BuildKit sets itself.
 * https://docs.docker.com/reference/dockerfile/#scope
 */
export function globalVariables(
  dockerfile: Dockerfile,
  settings: VariableSettings,
): GlobalVariables {
  const values = predefined(dockerfile, settings);
  const { escapeCharacter } = dockerfile.directives;
  const expand = (word: string) =>
    readShellText(word, { escapeCharacter, lookUp: (name) => values.get(name) });
  const faults: Fault[] = [];
  for (const { name, value, line } of dockerfile.globalArgs) {
    const given = ownValue(settings.buildArgs, name);
    const expanded = expand(given === undefined ? (value ?? "") : "");
    if (given !== undefined) values.set(name, given);
    else if (expanded.kind === "fault") faults.push(argFault({ name, value, line }, expanded.what));
    else if (value !== undefined) values.set(name, expanded.text);
  }
  return { expand, faults };
}

/** https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
function predefined(
  dockerfile: Dockerfile,
  { buildArgs, target, machine }: VariableSettings,
): Map<string, string> {
  const values = new Map([
    ["BUILDPLATFORM", formatPlatform(machine)],
    ["BUILDOS", machine.os],
    ["BUILDOSVERSION", ""],
    ["BUILDARCH", machine.architecture],
    ["BUILDVARIANT", machine.variant],
    ["TARGETPLATFORM", formatPlatform(target)],
    ["TARGETOS", target.os],
    ["TARGETOSVERSION", ""],
    ["TARGETARCH", target.architecture],
    ["TARGETVARIANT", target.variant],
    // Differs from target to target; this is its value where none is named.
    ["TARGETSTAGE", dockerfile.stages.at(-1)?.name?.toLowerCase() ?? "default"],
  ]);
  for (const name of values.keys()) {
    values.set(name, ownValue(buildArgs, name) ?? values.get(name) ?? "");
  }
  return values;
}

/** Names come from a Dockerfile: `constructor` must not find what every object has. */
export function ownValue(
  record: Readonly<Record<string, string>>,
  name: string,
): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function argFault({ name, value = "", line }: GlobalArg, what: string): Fault {
  return {
    line,
    what: `the default ${quoted(value)} of ARG ${quoted(name)} cannot be read: ${what}`,
  };
}
