// An engine that keeps builders as a real one does, as far as commands can tell.

import type { Exec, Host } from "../../src/host/host.ts";
import { makeLog } from "../publish/make-host.ts";

/** What stands for the outside. */
export interface BuilderEngine {
  readonly host: Pick<
    Host,
    "exec" | "files" | "env" | "log" | "kind" | "ci" | "mask" | "http" | "owner" | "signal"
  >;
  /** Every command, as one line. */
  readonly commands: string[];
  /** Names of the builders that there are. */
  readonly builders: Set<string>;
  readonly logged: string[];
  /** Of the configurations that builders were made with. */
  readonly configs: string[];
  /** Texts that are never shown. */
  readonly masked: string[];
}

export interface BuilderEngineOptions {
  readonly kind?: Host["kind"];
  readonly env?: Readonly<Record<string, string>>;
  readonly builders?: readonly string[];
  /** Images in the engine, and the repositories that they are known to be from. */
  readonly images?: Readonly<Record<string, readonly string[]>>;
  /** When builders were made of which that is known. */
  readonly made?: Readonly<Record<string, Date>>;
  /** What making a builder ends with. */
  readonly createExitCode?: number | undefined;
  /** Beginning of a command that ends so: it says `ERROR: no such thing`, or what is given. */
  readonly failing?: {
    readonly command: string;
    readonly exitCode: number | undefined;
    readonly stderr?: string;
  };
  readonly registries?: object;
  /** More of what the engine says of itself. */
  readonly info?: object;
  /** What a builder holds. Default: nothing. */
  readonly held?: string;
  readonly signal?: AbortSignal;
  /** The machine or container. */
  readonly place?: string;
  /** Triggers of images in the engine. */
  readonly triggers?: Readonly<Record<string, readonly string[]>>;
  /** Names of files in folders. */
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  /** The user has a configuration for all builders. */
  readonly hasDefaults?: boolean;
}

const INSPECTION = 'Driver: docker-container\nDriver Options: network="host"\n';

/** An engine with the older image store. */
export function builderEngine(options: BuilderEngineOptions = {}): BuilderEngine {
  const builders = new Set(options.builders);
  const [commands, logged, configs]: [string[], string[], string[]] = [[], [], []];
  const masked: string[] = [];
  const exec: Exec = async (_command, args) => {
    const line = args.join(" ");
    commands.push(line);
    const { failing } = options;
    if (failing && line.startsWith(failing.command)) {
      return { stdout: "", stderr: "ERROR: no such thing", ...failing };
    }
    return { stderr: "ERROR: no such thing", ...answer(line, args, builders, options) };
  };
  const host = {
    exec,
    kind: options.kind ?? "actions",
    env: { HOME: "/home/me", ...options.env },
    ci: undefined,
    log: makeLog(logged),
    mask: (secret: string) => void masked.push(secret),
    http: async () => ({ kind: "unreachable", message: "" }) as const,
    signal: options.signal ?? new AbortController().signal,
    owner: {
      mark: "1-0000abcd-1",
      place: options.place ?? "0000abcd",
      isGone: (name: string) => name.includes("-9-"),
    },
    files: filesOf(options, builders, configs),
  };
  return { host, commands, builders, logged, configs, masked };
}

function answer(
  line: string,
  args: readonly string[],
  builders: Set<string>,
  options: BuilderEngineOptions,
): { readonly exitCode: number | undefined; readonly stdout: string } {
  const name = args.at(-1) ?? "";
  const text = (stdout: string) => ({ exitCode: 0, stdout });
  if (line.startsWith("buildx create")) {
    const made = args[args.indexOf("--name") + 1] ?? "";
    builders.add(made);
    return { exitCode: "createExitCode" in options ? options.createExitCode : 0, stdout: "" };
  }
  if (line.startsWith("buildx inspect")) {
    return builders.has(name) ? text(INSPECTION) : { exitCode: 1, stdout: "" };
  }
  if (line.startsWith("buildx rm")) builders.delete(name);
  if (line.startsWith("buildx du"))
    return text(`Reclaimable:\t0B\nTotal:\t\t${options.held ?? "0B"}\n`);
  if (line.startsWith("buildx version")) return text("github.com/docker/buildx v0.29.1 abc");
  if (line.startsWith("ps ")) {
    return text([...builders].map((builder) => `buildx_buildkit_${builder}0\n`).join(""));
  }
  if (/^(?:container|volume) inspect /.test(line)) {
    const made = options.made?.[name.replace(/^buildx_buildkit_|0(?:_state)?$/g, "")];
    return made === undefined ? { exitCode: 1, stdout: "" } : text(`${made.toISOString()}\n`);
  }
  if (line === "info --format {{json .}}") return text(JSON.stringify(options.info ?? {}));
  if (line.includes("RegistryConfig")) return text(JSON.stringify(options.registries ?? {}));
  if (line.startsWith("image inspect")) {
    const digests = options.images?.[name];
    if (digests === undefined) return { exitCode: 1, stdout: "[]" };
    return text([digests, options.triggers?.[name]].map((list) => JSON.stringify(list)).join("\n"));
  }
  return text("");
}

function filesOf(
  { hasDefaults = false, folders = {}, made = {} }: BuilderEngineOptions,
  builders: ReadonlySet<string>,
  configs: string[],
): Host["files"] {
  const known: Pick<Host["files"], "list" | "stat" | "temporaryFolder" | "writeText"> = {
    list: async (folder) =>
      folder === "/home/me/.docker/buildx/instances" ? [...builders] : (folders[folder] ?? []),
    stat: async (path) => {
      const date = made[path.split("/").at(-1) ?? ""]?.getTime();
      if (date !== undefined) return { kind: "file", bytes: 1, modifiedMilliseconds: date };
      return hasDefaults ? { kind: "file", bytes: 1, modifiedMilliseconds: 0 } : undefined;
    },
    temporaryFolder: async () => ({ path: "/tmp/made", async [Symbol.asyncDispose]() {} }),
    async writeText(_path, text) {
      configs.push(text);
    },
  };
  return known as Host["files"];
}
