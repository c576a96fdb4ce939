// The configuration file: the same options as the inputs, `goals`, and `images` where a repository
// has several. schema/config.schema.json says the same to editors; a test holds the two together.
import { posix } from "node:path";
import type { Host } from "../host/host.ts";
import type { GoalEntry } from "../model/inputs.ts";
import { type ConfiguredImage, readConfiguredImages } from "./configured-images.ts";
import type { Given, Said } from "./given.ts";
import { readGoals } from "./goals.ts";
import { INPUT_KINDS, INPUT_NAMES, type InputName, NOT_IN_CONFIG } from "./input-kinds.ts";
import type { InputReader } from "./input-reader.ts";
import type { ProblemList } from "./parsed.ts";
import { choiceOf, nearest, quoted, suggestion } from "./wording.ts";
import { findInWorkspace, pathProblem } from "./workspace-paths.ts";
import { describe, readYaml, type YamlEntry, type YamlText, type YamlValue } from "./yaml-text.ts";

/** Where it is looked for when no other is named. */
export const DEFAULT_CONFIG = ".github/weighbridge.yml";

/** What a configuration file says. */
export interface ConfigFile {
  readonly settings: ReadonlyMap<InputName, Given>;
  readonly goals: readonly GoalEntry[];
  readonly images: readonly ConfiguredImage[];
}

const NOTHING: ConfigFile = { settings: new Map(), goals: [], images: [] };

/** A configuration file that was read, and its path; that is absent when there is none. */
export interface FoundConfig {
  readonly path?: string;
  readonly config: ConfigFile;
  /**
   * It is not there although it was named, or cannot be read, or not what it says of the images: nobody
   * knows which ones are meant.
   */
  readonly isLost?: true;
}

/** Reads the file that the user named, or the default one where there is one. */
export async function readConfigFile(
  host: Pick<Host, "files" | "workspace">,
  reader: InputReader,
): Promise<FoundConfig> {
  const { problems } = reader;
  const named = reader.line("config");
  const { text, where } = named ?? { text: DEFAULT_CONFIG, where: DEFAULT_CONFIG };
  const found = await findInWorkspace(host, text);
  if (found.kind === "missing" && named === undefined) {
    await addMisnamed(host, reader.called("config"), problems);
    return { config: NOTHING };
  }
  if (found.kind !== "file") {
    problems.add(where, pathProblem(text, found, "file"));
    return { config: NOTHING, isLost: true };
  }
  const content = await host.files.readText(found.path);
  return { path: found.path, ...parseConfig(content, found.path, problems) };
}

/**
 * What to tell where none was found, but there is one in the folder that is the context: there the
 * repository may have been checked out.
 */
export async function unreadConfig(
  host: Pick<Host, "files" | "workspace">,
  context: Given | undefined,
  reader: InputReader,
): Promise<string | undefined> {
  if (context?.kind !== "text") return undefined;
  const path = posix.join(context.text, DEFAULT_CONFIG);
  if (path === DEFAULT_CONFIG || (await findInWorkspace(host, path)).kind !== "file")
    return undefined;
  return `${path} is not read, as it is not in the root of the workspace: name it in ${reader.called("config")}.`;
}

/** Goals in a file that is not read would be met by whatever is built. */
async function addMisnamed(
  host: Pick<Host, "files" | "workspace">,
  called: string,
  problems: ProblemList,
): Promise<void> {
  const misnamed = DEFAULT_CONFIG.replace(/yml$/, "yaml");
  const { kind } = await findInWorkspace(host, misnamed);
  if (kind !== "file" && kind !== "dangling") return;
  problems.add(misnamed, `is not read; call it ${DEFAULT_CONFIG}, or name it in ${called}`);
}

/** Reads the text of a configuration file; what is wrong is left out, and in the problems. */
function parseConfig(text: string, path: string, problems: ProblemList): FoundConfig {
  const yaml = readYaml(text, (line) => `${path}:${line}`, problems);
  if (yaml === undefined) return { config: NOTHING, isLost: true };
  if (yaml.root === undefined) return { config: NOTHING };
  const entries = yaml.entriesOf(yaml.root, `${path}:1`);
  if (entries === undefined) return { config: NOTHING, isLost: true };
  const config = readEntries(yaml, entries, problems);
  return { config, ...(isAnyLost(config, entries) && { isLost: true }) };
}

function readEntries(
  yaml: YamlText,
  entries: readonly YamlEntry[],
  problems: ProblemList,
): ConfigFile {
  const settings = new Map<InputName, Given>();
  let goals: readonly GoalEntry[] = [];
  let images: readonly ConfiguredImage[] = [];
  for (const entry of entries) {
    const option = OPTIONS.find((name) => name === entry.key);
    if (entry.key === "goals") goals = readGoals(yaml, entry.value, entry.where, problems);
    else if (entry.key === "images") images = readConfiguredImages(yaml, entry, problems);
    else if (option === undefined) problems.add(entry.where, unknownKey(entry.key));
    else {
      const given = readOption(yaml, option, entry, problems);
      if (given !== undefined) settings.set(option, given);
    }
  }
  const file = settings.get("file");
  if (file !== undefined && images.length > 0) problems.add(file.where, FILE_AND_IMAGES);
  return { settings, goals, images };
}

/** Whether something that says which images there are could not be read, or is misspelt. */
function isAnyLost({ settings, images }: ConfigFile, entries: readonly YamlEntry[]): boolean {
  return entries.some(({ key }) => {
    const meant = KEYS.includes(key) ? key : nearest(key, KEYS);
    if (meant === "images") return images.length === 0;
    return (meant === "file" || meant === "context") && !settings.has(meant);
  });
}

const FILE_AND_IMAGES =
  '"file" and "images" both say which Dockerfiles there are; name them in "images" alone';

/** Inputs that may stand in the file. */
const OPTIONS = INPUT_NAMES.filter((name) => NOT_IN_CONFIG[name] === undefined);

/** Whatever may stand in the file. */
const KEYS: readonly string[] = [...OPTIONS, "images"];

function unknownKey(key: string): string {
  const elsewhere = INPUT_NAMES.find((name) => name === key);
  const reason = elsewhere === undefined ? undefined : NOT_IN_CONFIG[elsewhere];
  if (reason !== undefined) return `${quoted(key)} cannot be set in this file: ${reason}`;
  return `${quoted(key)} is not an option${suggestion(key, KEYS)}`;
}

function readOption(
  yaml: YamlText,
  name: InputName,
  entry: YamlEntry,
  problems: ProblemList,
): Given | undefined {
  const kind = INPUT_KINDS[name];
  if (kind === "words" || kind === "lines") return readList(yaml, name, entry, problems);
  const scalar = yaml.scalarOf(entry.value);
  const isValue = typeof scalar === (kind === "flag" ? "boolean" : "string");
  if (isValue && scalar !== "") {
    const where = yaml.where(entry.value, entry.where);
    return { kind: "text", text: String(scalar), where, origin: "repository" };
  }
  const wanted = kind === "flag" ? choiceOf(["true", "false"]) : "text; quote it";
  problems.add(
    entry.where,
    `${quoted(entry.key)} is ${describe(entry.value)}; it has to be ${wanted}`,
  );
  return undefined;
}

/** A YAML list, or its one item. */
function readList(
  yaml: YamlText,
  name: InputName,
  entry: YamlEntry,
  problems: ProblemList,
): Given | undefined {
  const list = yaml.itemsOf(entry.value) ?? [entry.value];
  if (list.length === 0) problems.add(entry.where, `${quoted(name)} is an empty list`);
  const items = list.flatMap((item) => readItem(yaml, name, item, entry, problems));
  if (items.length === 0) return undefined;
  return { kind: "list", items, where: entry.where, origin: "repository" };
}

function readItem(
  yaml: YamlText,
  name: InputName,
  item: YamlValue,
  entry: YamlEntry,
  problems: ProblemList,
): readonly Said[] {
  const where = yaml.where(item, entry.where);
  const scalar = yaml.scalarOf(item);
  const isText = typeof scalar === "string" && scalar !== "";
  // A stage without a name is called by its number.
  const isStage = name === "targets" && Number.isInteger(scalar);
  if (isText || isStage) return [{ text: String(scalar), where }];
  problems.add(where, `${quoted(name)} lists ${describe(item)}; it has to be text; quote it`);
  return [];
}
