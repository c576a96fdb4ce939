// Installs Debian's packages. Docker and Go come from Debian unstable, pinned so low that nothing
// else does: Debian 12's own Docker (20.10) is too old for what we test.

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type DebianSources, parseSources, writeSources } from "./debian-sources.ts";
import type { Place } from "./place.ts";
import { run, step, which } from "./shell.ts";

/** Packages that are taken from Debian unstable when they have to be installed. */
const FROM_UNSTABLE = "docker.io docker-cli docker-buildx docker-compose tini-static golang*";

/**
 * Installs the packages whose command is not on the PATH.
 * @param commands command → package
 * @throws Error when this machine is not one where we can install them.
 */
export async function ensureCommands(
  place: Place,
  commands: Readonly<Record<string, string>>,
): Promise<void> {
  await installPackages(place, await packagesFor(commands));
}

/** The packages whose command is not on the PATH. */
export async function packagesFor(
  commands: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [command, name] of Object.entries(commands)) {
    if ((await which(command)) === undefined) missing.push(name);
  }
  return missing;
}

/**
 * Installs packages. What is asked for at the same time is installed in one go: parts of the lab
 * start side by side, and apt takes seconds however little it has to do.
 */
export function installPackages(place: Place, names: readonly string[]): Promise<void> {
  const missing = names.filter((name) => !installed.has(name));
  if (missing.length === 0) return Promise.resolve();
  for (const name of missing) asked.add(name);
  turn = turn.then(() => wait(GATHER_MILLISECONDS)).then(() => installAsked(place));
  return turn;
}

/** The machine's own Debian archive, whatever host it is on. */
export async function machineSources(): Promise<DebianSources> {
  const codename = await releaseCodename();
  const folder = "/etc/apt/sources.list.d";
  const names = await readdir(folder).catch((): string[] => []);
  const files = ["/etc/apt/sources.list", ...names.map((name) => join(folder, name))];
  const wanted = files.filter((file) => file.endsWith(".list") || file.endsWith(".sources"));
  const texts = await Promise.all(wanted.map((file) => readFile(file, "utf8").catch(() => "")));
  const sources = parseSources(texts, codename);
  if (sources === undefined) throw new Error(`no source of Debian ${codename} in /etc/apt`);
  return sources;
}

/** Time for other parts to say what they lack too. */
const GATHER_MILLISECONDS = 300;

const asked = new Set<string>();
const installed = new Set<string>();
let turn: Promise<void> = Promise.resolve();
let updated = false;

async function installAsked(place: Place): Promise<void> {
  const names = [...asked];
  asked.clear();
  if (names.length === 0) return;
  if (process.getuid?.() !== 0 || (await which("apt-get")) === undefined) {
    throw new Error(
      `this machine lacks ${names.join(", ")}: install them, or run as root on Debian`,
    );
  }
  await step(`installing ${names.join(", ")} with apt`, () => install(place, names));
  for (const name of names) installed.add(name);
}

async function install(place: Place, names: readonly string[]): Promise<void> {
  const options = await aptOptions(place);
  const log = join(place.folder, "logs", "apt.log");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  if (!updated) await run("apt-get", [...options, "update"], { env, log });
  updated = true;
  const command = ["install", "-y", "--no-install-recommends", ...names];
  await run("apt-get", [...options, ...command], { env, log });
}

/** apt with unstable beside the machine's own sources; nothing in /etc/apt is changed. */
async function aptOptions(place: Place): Promise<readonly string[]> {
  const folder = join(place.folder, "apt");
  await mkdir(join(folder, "lists", "partial"), { recursive: true });
  const sources = await machineSources();
  const main = await readFile("/etc/apt/sources.list", "utf8").catch(() => "");
  await writeFile(join(folder, "main.list"), main);
  await writeFile(join(folder, "preferences"), preferences());
  const parts = await ownSourceParts(folder);
  await writeFile(join(parts, "unstable.sources"), writeSources(sources, { archive: ["sid"] }));
  const settings = {
    "Dir::Etc::sourcelist": join(folder, "main.list"),
    "Dir::Etc::sourceparts": parts,
    "Dir::Etc::preferences": join(folder, "preferences"),
    "Dir::State::lists": join(folder, "lists"),
    // The lists stand in a home folder, which apt's own user may not enter.
    "APT::Sandbox::User": "root",
    "DPkg::Lock::Timeout": "300",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** A copy of the machine's folder of sources, for us to add to. */
async function ownSourceParts(folder: string): Promise<string> {
  const parts = join(folder, "sources.list.d");
  await mkdir(parts, { recursive: true });
  const machine = "/etc/apt/sources.list.d";
  for (const name of await readdir(machine).catch((): string[] => [])) {
    await writeFile(join(parts, name), await readFile(join(machine, name)));
  }
  return parts;
}

function preferences(): string {
  const pin = (packages: string, priority: number) =>
    `Package: ${packages}\nPin: release n=sid\nPin-Priority: ${priority}\n`;
  return `${pin("*", 100)}\n${pin(FROM_UNSTABLE, 990)}`;
}

async function releaseCodename(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(text)?.[1];
  if (!/^ID=debian$/m.test(text) || codename === undefined) {
    throw new Error("only a Debian machine can be given what it lacks; see /etc/os-release");
  }
  return codename;
}
