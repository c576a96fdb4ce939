// Everything that says how to build: arguments, contexts, platform, builder, caches.
import type { Host } from "../host/host.ts";
import type { BuildInputs, BuildSecret } from "../model/inputs.ts";
import { readCacheInputs } from "./cache-inputs.ts";
import type { Said } from "./given.ts";
import type { InputReader } from "./input-reader.ts";
import { checkNamedContext } from "./named-context.ts";
import { ok, type Parsed, problem } from "./parsed.ts";
import { parsePlatform } from "./values.ts";
import { quoted } from "./wording.ts";

type BuildHost = Pick<Host, "files" | "env" | "workspace">;

/** What was read elsewhere, as it is nobody else's business. */
export interface Credentials {
  readonly secrets: readonly BuildSecret[];
  readonly ssh: readonly string[];
}

/** Reads the inputs of the build. */
export async function readBuildInputs(
  host: BuildHost,
  reader: InputReader,
  { secrets, ssh }: Credentials,
): Promise<BuildInputs> {
  const platform = reader.value("platform", parsePlatform);
  const builder = reader.value("builder", parseBuilder);
  return {
    buildArgs: readBuildArgs(host, reader),
    buildContexts: await readBuildContexts(host, reader),
    secrets,
    ssh,
    ...(platform !== undefined && { platform }),
    ...(builder !== undefined && { builder }),
    ...readCacheInputs(host, reader),
    noCache: reader.flag("no-cache", false),
    pull: reader.flag("pull", false),
  };
}

/** `NAME=value`, the last one winning; `NAME` alone takes the value of the environment variable. */
function readBuildArgs(host: BuildHost, reader: InputReader): Readonly<Record<string, string>> {
  const args = reader.items("build-args").flatMap((item) => {
    const { name, value } = splitPair(item.text);
    if (reader.problems.take(item.where, parseArgName(name)) === undefined) return [];
    const given = value ?? environmentValue(host, reader, item);
    return given === undefined ? [] : [[name, given] as const];
  });
  return Object.fromEntries(args);
}

function splitPair(text: string): { readonly name: string; readonly value: string | undefined } {
  const equals = text.indexOf("=");
  if (equals < 0) return { name: text, value: undefined };
  return { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

function parseArgName(name: string): Parsed<string> {
  if (/^[^\s\p{C}]+$/u.test(name)) return ok(name);
  return problem(
    `${quoted(name)} is not the name of a build argument; allowed is NAME=value or NAME`,
  );
}

/** As Docker does, an argument that has no value anywhere is not given. */
function environmentValue(
  { env }: BuildHost,
  reader: InputReader,
  { text: name, where }: Said,
): string | undefined {
  if (reader.origin("build-args") === "repository") {
    reader.problems.add(where, `${quoted(name)} has no value; in this file it is NAME=value`);
    return undefined;
  }
  if (Object.hasOwn(env, name)) return env[name];
  reader.notes.push(
    `The build argument ${quoted(name)} is not given: no environment variable is called so.`,
  );
  return undefined;
}

/** `name=` and a folder, or something that BuildKit fetches or has. */
async function readBuildContexts(
  host: BuildHost,
  reader: InputReader,
): Promise<Readonly<Record<string, string>>> {
  const contexts: (readonly [string, string])[] = [];
  for (const { text, where } of reader.items("build-contexts")) {
    const source = reader.problems.take(where, await contextSource(host, reader, text));
    if (source !== undefined) contexts.push([splitPair(text).name, source]);
  }
  return Object.fromEntries(contexts);
}

async function contextSource(
  host: BuildHost,
  reader: InputReader,
  text: string,
): Promise<Parsed<string>> {
  const { name, value = "" } = splitPair(text);
  const isName = /^[A-Za-z0-9][A-Za-z0-9._/:@-]*$/.test(name);
  if (!isName || value === "") {
    return problem(`${quoted(text)} is not name=folder or name=address`);
  }
  const isOfWorkflow = reader.origin("build-contexts") === "workflow";
  const source = await checkNamedContext(host, value, isOfWorkflow);
  return source.kind === "ok" ? source : problem(`${name}: ${source.what}`);
}

/** Names of builders and of Docker contexts, which are builders too. */
function parseBuilder(text: string): Parsed<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9_.+-]*$/.test(text)) return ok(text);
  return problem(`${quoted(text)} is not the name of a builder; docker buildx ls lists them`);
}
