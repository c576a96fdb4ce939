// What the user asked for, checked: from action inputs or the command line, and a configuration
// file, to one value. Every problem is found before anything is built, and all are told at once.
import type { Problem } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { GoalEntry, ImageInput, Inputs, LayerBounds } from "../model/inputs.ts";
import { readBuildInputs } from "./build-inputs.ts";
import { readSecrets, readSsh } from "./build-secrets.ts";
import { readLintInputs, readScanInputs } from "./check-inputs.ts";
import { type ConfigFile, readConfigFile, unreadConfig } from "./config-file.ts";
import { readDiveRules } from "./dive-rules.ts";
import type { Given, PlaceOfInput, Settings } from "./given.ts";
import { parseGoals } from "./goals.ts";
import { type ReadImages, readImages } from "./images.ts";
import { INPUT_KINDS, INPUT_NAMES, type InputName, type RawInputs } from "./input-kinds.ts";
import { createInputReader, type InputReader } from "./input-reader.ts";
import { parseLayerBounds } from "./layer-bounds.ts";
import { ok, type Parsed, ProblemList, problem } from "./parsed.ts";
import { readPublishInputs } from "./publish-inputs.ts";
import { patternProblem } from "./stage-pattern.ts";
import { checkedStateFolder } from "./state-folder.ts";
import { readToolInputs } from "./tool-inputs.ts";
import { quoted, suggestion } from "./wording.ts";
import { dockerfilesIn } from "./workspace-paths.ts";

/** What reading inputs needs of a host. */
export type InputsHost = Pick<Host, "kind" | "files" | "env" | "workspace">;

/** Inputs, and what the reader of the report should know of them, one sentence each. */
interface ReadInputs {
  readonly inputs: Inputs;
  readonly notes: readonly string[];
  /** Without it, no program can be started either. */
  readonly hasWorkspace: boolean;
}

/** The same with what is wrong: then what was wrong is left out, or is its default. */
export interface GatheredInputs extends ReadInputs {
  readonly problems: readonly Problem[];
}

/** How inputs are read. */
export interface Reading {
  /** How an input is called where it was given. */
  readonly place?: PlaceOfInput;
  /** Nothing will be kept: the state is looked at only where it is given, and may be empty. */
  readonly isPlanOnly?: boolean;
  /** Nobody can tell which images are meant: they are not looked for. */
  readonly isVague?: boolean;
}

/** Reads all inputs as well as can be, so that the plan can add its problems to the message. */
export async function gatherInputs(
  host: InputsHost,
  raw: RawInputs,
  reading: Reading = {},
): Promise<GatheredInputs> {
  const list = new ProblemList();
  const read = await gather(host, raw, reading, list);
  return { ...read, problems: list.problems };
}

const NO_IMAGES: ReadImages = { images: [], goals: [], areAll: false };

function inWorkflow(name: InputName): string {
  return `input ${name}`;
}

async function gather(
  host: InputsHost,
  raw: RawInputs,
  { place = inWorkflow, isPlanOnly = false, isVague = false }: Reading,
  problems: ProblemList,
): Promise<ReadInputs> {
  const given = givenInputs(raw, place, problems);
  const giving = createInputReader(given, place, problems);
  const { path, config, isLost } = await readConfigFile(host, giving);
  const reader = createInputReader(new Map([...config.settings, ...given]), place, problems);
  reader.notes.push(...(await configNotes(host, path, given, reader)));
  // What there is to build may have been in a configuration file that is not there.
  const hasWorkspace = await isWorkspaceThere(host, problems);
  const isKnown = hasWorkspace && !isVague && (isLost !== true || given.has("file"));
  const { images, goals, areAll } = isKnown ? await readImages(host, reader, config) : NO_IMAGES;
  const ofConfig = await configGoals(host, config, given, images);
  const allGoals = [...ofConfig, ...goals, ...givenGoals(given, problems)];
  const credentials = {
    secrets: await readSecrets(host, reader),
    ssh: await readSsh(host, reader),
  };
  const inputs: Inputs = {
    images,
    targets: reader.values("targets", parseTarget),
    goals: areAll ? allGoals : allGoals.map(mayNameNoStage),
    diveRules: await readDiveRules(host, reader),
    build: await readBuildInputs(host, reader, credentials),
    allowUntrustedCheckout: reader.flag("allow-untrusted-checkout", false),
    lint: await readLintInputs(host, reader),
    scan: await readScanInputs(host, reader),
    tools: await readToolInputs(host, reader),
    publish: readPublishInputs(
      reader,
      images.map(({ file }) => file),
    ),
    layerLimits: readLayerLimits(reader),
    state: await readState(host, reader, isPlanOnly),
  };
  return { inputs, notes: reader.notes, hasWorkspace };
}

async function configNotes(
  host: InputsHost,
  path: string | undefined,
  given: Settings,
  reader: InputReader,
): Promise<readonly string[]> {
  if (path !== undefined) return [`Configuration is read from ${path}.`];
  if (given.has("config")) return [];
  const unread = await unreadConfig(host, given.get("context"), reader);
  return unread === undefined ? [] : [unread];
}

/** Without it no Dockerfile can be found, nor any be meant. */
async function isWorkspaceThere(
  { files, workspace }: InputsHost,
  problems: ProblemList,
): Promise<boolean> {
  const kind = (await files.stat("."))?.kind;
  if (kind === "folder") return true;
  const what =
    kind === undefined
      ? `there is no folder ${quoted(workspace)}`
      : `${quoted(workspace)} is not a folder`;
  problems.add("workspace", `${what}; check the repository out first`);
  return false;
}

/** What was given by name; a name that no input has is a slip. */
function givenInputs(raw: RawInputs, place: PlaceOfInput, problems: ProblemList): Settings {
  const settings = new Map<InputName, Given>();
  for (const [key, value] of Object.entries(raw)) {
    const name = INPUT_NAMES.find((candidate) => candidate === key);
    if (name === undefined) problems.add("inputs", noSuchInput(key));
    else if (value.trim() !== "") settings.set(name, givenText(name, value, place(name)));
  }
  return settings;
}

function noSuchInput(key: string): string {
  return `there is no input ${quoted(key)}${suggestion(key, INPUT_NAMES)}`;
}

/** Spaces around a value mean nothing, except that they indent YAML. */
function givenText(name: InputName, value: string, where: string): Given {
  const text = INPUT_KINDS[name] === "yaml" ? value : value.trim();
  return { kind: "text", text, where, origin: "workflow" };
}

/** One configuration file serves every leg of a matrix, and a leg has not every Dockerfile. */
async function configGoals(
  host: InputsHost,
  config: ConfigFile,
  given: Settings,
  images: readonly ImageInput[],
): Promise<readonly GoalEntry[]> {
  if (config.goals.length === 0) return [];
  const isChosen = given.has("file") || given.has("context");
  // What cannot be looked through may have others.
  const hasOthers = async () => {
    const dockerfiles = await dockerfilesIn(host).catch(() => undefined);
    return dockerfiles?.some((path) => images.every(({ file }) => file !== path)) ?? true;
  };
  const isLeg = isChosen && (config.images.length > 0 || (await hasOthers()));
  return isLeg ? config.goals.map(mayNameNoStage) : config.goals;
}

function mayNameNoStage(entry: GoalEntry): GoalEntry {
  return { ...entry, mayNameNoStage: true };
}

function givenGoals(given: Settings, problems: ProblemList): readonly GoalEntry[] {
  const goals = given.get("goals");
  if (goals?.kind !== "text") return [];
  const entries = parseGoals(goals.text, (line) => `${goals.where}, line ${line}`, problems);
  return entries.map((entry) => ({ ...entry, isGiven: true }));
}

function parseTarget(text: string): Parsed<string> {
  const what = patternProblem(text.replace(/^!/, ""));
  return what === undefined ? ok(text) : problem(what);
}

function readLayerLimits(reader: InputReader): LayerBounds {
  const text = reader.value("layer-limits", (value) => ok(value)) ?? "";
  const place = (line: number) => `${reader.where("layer-limits")}, line ${line}`;
  return parseLayerBounds(text, place, reader.problems);
}

async function readState(
  host: InputsHost,
  reader: InputReader,
  isPlanOnly: boolean,
): Promise<string> {
  const given = reader.line("state");
  if (given === undefined && (isPlanOnly || reader.has("state"))) return "";
  const folder = await checkedStateFolder(host, given?.text);
  return reader.problems.take(reader.where("state"), folder) ?? "";
}
