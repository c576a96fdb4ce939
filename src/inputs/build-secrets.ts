// Secrets and SSH for the build. No message here shows what could be a secret itself.
import { resolve } from "node:path";
import type { FileStat, Host } from "../host/host.ts";
import type { BuildSecret } from "../model/inputs.ts";
import type { Said } from "./given.ts";
import type { InputReader } from "./input-reader.ts";
import { ok, type Parsed, type ProblemList, problem } from "./parsed.ts";
import { parseLine } from "./values.ts";
import { quoted } from "./wording.ts";

type SecretsHost = Pick<Host, "files" | "env" | "workspace">;

/** Reads `secrets`, `secret-envs` and `secret-files`; each id is given once. */
export async function readSecrets(
  host: SecretsHost,
  reader: InputReader,
): Promise<readonly BuildSecret[]> {
  const values = pairsOf(reader, "secrets").map(secretValue);
  const variables = pairsOf(reader, "secret-envs").map((pair) =>
    secretVariable(host, pair, reader),
  );
  const files: PlacedSecret[] = [];
  for (const pair of pairsOf(reader, "secret-files")) {
    files.push(await secretFile(host, pair, reader));
  }
  const placed = [...values, ...variables, ...files];
  addDoubleIds(placed, reader.problems);
  return placed
    .filter(({ isMissing }) => isMissing !== true)
    .filter((item) => hasValue(item, reader))
    .map(({ secret }) => secret);
}

/** A secret that a run may not see is empty there, and docker/build-push-action leaves it out. */
function hasValue({ input, isEmpty, number }: PlacedSecret, reader: InputReader): boolean {
  if (!isEmpty) return true;
  reader.notes.push(`Item ${number} of ${input} ${NOT_GIVEN}`);
  return false;
}

const NOT_GIVEN = "is empty, as all are in runs from a fork: it was not given to the build.";

interface Pair {
  readonly id: string;
  readonly value: string;
  readonly input: SecretInput;
  readonly where: string;
  /** Of the item, from 1. Without an id of its own, what stands for one may be the secret. */
  readonly number: number;
}

interface PlacedSecret extends Pick<Pair, "input" | "where" | "number"> {
  readonly secret: BuildSecret;
  /** Whether there is nothing in it. A file is given whatever is in it. */
  readonly isEmpty: boolean;
  /** There is no such file. What is something else, such as a pipe, may never end: nobody reads it. */
  readonly isMissing?: true;
}

type SecretInput = "secrets" | "secret-envs" | "secret-files";

const FORMS: Readonly<Record<SecretInput, string>> = {
  secrets: "id=value",
  "secret-envs": "id=VARIABLE",
  "secret-files": "id=path",
};

/** `id=…` of each item. */
function pairsOf(reader: InputReader, name: SecretInput): readonly Pair[] {
  return reader.items(name).flatMap(({ text, where }, index) => {
    const number = index + 1;
    const pair = reader.problems.take(where, parsePair(text, number, FORMS[name]));
    return pair === undefined ? [] : [{ ...pair, input: name, where, number }];
  });
}

function parsePair(text: string, number: number, form: string): Parsed<Pick<Pair, "id" | "value">> {
  const equals = text.indexOf("=");
  const id = text.slice(0, Math.max(equals, 0)).trim();
  // The id becomes part of one field of a list with commas: `--secret id=…,env=…`.
  const isId = /^[^\s,"'=\p{Cc}\p{Cf}]{1,200}$/u.test(id);
  if (!isId) return problem(`item ${number} is not ${form}; an id has no spaces, commas or quotes`);
  return ok({ id, value: text.slice(equals + 1).trim() });
}

function secretValue({ id, value, ...place }: Pair): PlacedSecret {
  return { ...place, secret: { kind: "value", id, value }, isEmpty: value === "" };
}

function secretVariable(host: SecretsHost, pair: Pair, { problems }: InputReader): PlacedSecret {
  const { id, value: variable, ...place } = pair;
  const { where } = place;
  const isSet = Object.hasOwn(host.env, variable);
  if (!VARIABLE.test(variable)) problems.add(where, `secret ${quoted(id)}: ${NOT_A_VARIABLE}`);
  else if (!isSet) {
    const what = `the environment variable ${quoted(variable)} is not set`;
    problems.add(where, `secret ${quoted(id)}: ${what}`);
  }
  const isEmpty = host.env[variable] === "";
  return { ...place, secret: { kind: "environment", id, variable }, isEmpty };
}

const NOT_A_VARIABLE = "what it names is not an environment variable; allowed is id=VARIABLE";
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

async function secretFile(
  host: SecretsHost,
  { id, value, ...place }: Pair,
  { problems }: InputReader,
): Promise<PlacedSecret> {
  const path = resolve(host.workspace, value);
  const placed = { ...place, secret: { kind: "file", id, path }, isEmpty: false } as const;
  const found = await kindOf(host, value);
  if (found === "file") return placed;
  const named = quoted(value);
  const what = found === undefined ? `there is no file ${named}` : `${named} is not a file`;
  problems.add(place.where, `secret ${quoted(id)}: ${what}`);
  return { ...placed, isMissing: true };
}

/** Undefined where nothing is. */
async function kindOf(host: SecretsHost, path: string): Promise<FileStat["kind"] | undefined> {
  if (path === "" || parseLine(path).kind === "problem") return undefined;
  return (await host.files.stat(path).catch(() => undefined))?.kind;
}

function addDoubleIds(secrets: readonly PlacedSecret[], problems: ProblemList): void {
  const ids = new Set<string>();
  for (const { secret, where } of secrets) {
    if (ids.has(secret.id)) problems.add(where, `secret ${quoted(secret.id)} is given twice`);
    ids.add(secret.id);
  }
}

/** Reads `ssh`: `default`, or `id=path`, where the path is a socket or a key that exists. */
export async function readSsh(host: SecretsHost, reader: InputReader): Promise<readonly string[]> {
  const { problems } = reader;
  const items = reader.items("ssh");
  for (const item of items) {
    const what = await sshProblem(host, item);
    if (what !== undefined) problems.add(item.where, what);
  }
  return items.map(({ text }) => text);
}

async function sshProblem(host: SecretsHost, { text }: Said): Promise<string | undefined> {
  const line = parseLine(text);
  if (line.kind === "problem") return line.what;
  const [, id, path] = /^([A-Za-z0-9._-]+)(?:=(.+))?$/.exec(text) ?? [];
  if (id === undefined) return `${quoted(text)} is not default or id=path`;
  if (path === undefined) {
    const { SSH_AUTH_SOCK = "" } = host.env;
    return SSH_AUTH_SOCK === "" ? `${quoted(text)} ${NO_AGENT}` : undefined;
  }
  const found = await host.files.stat(path).catch(() => undefined);
  return found === undefined
    ? `${quoted(text)}: there is no socket or key ${quoted(path)}`
    : undefined;
}

const NO_AGENT =
  "needs an SSH agent, and SSH_AUTH_SOCK names none; start one, or name a key by id=path";
