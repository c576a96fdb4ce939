// Which images this run builds: from `file` and `context`, or from a configuration file's `images`.
import { posix, resolve, sep } from "node:path";
import type { Host } from "../host/host.ts";
import type { GoalEntry, ImageInput } from "../model/inputs.ts";
import { checkContext } from "./build-context.ts";
import type { ConfigFile } from "./config-file.ts";
import type { ConfiguredImage } from "./configured-images.ts";
import { expandDockerfiles, findDockerfile } from "./dockerfile-paths.ts";
import type { Said } from "./given.ts";
import { imageName } from "./image-name.ts";
import type { InputReader } from "./input-reader.ts";
import type { ProblemList } from "./parsed.ts";
import { quoted } from "./wording.ts";

/** The images of this run, and the goals that the configuration file lists with them. */
export interface ReadImages {
  readonly images: readonly ImageInput[];
  readonly goals: readonly GoalEntry[];
  /** Whether they are all that were asked for; else something is wrong with the others. */
  readonly areAll: boolean;
}

type FilesHost = Pick<Host, "files" | "workspace">;

/**
 * With `file` given, exactly those Dockerfiles, under the name and context that the configuration
 * file has for them. Without, all that it lists, or those of them that are in the folder that
 * `context` gives; without those, `{context}/Dockerfile`.
 */
export async function readImages(
  host: FilesHost,
  reader: InputReader,
  config: Pick<ConfigFile, "images" | "settings">,
): Promise<ReadImages> {
  const { problems } = reader;
  const shared = reader.line("context") ?? { text: ".", where: reader.where("context") };
  const wanted = await wantedImages(host, reader, config, shared);
  const used = wanted.images.map((image) => image.context ?? shared);
  // A context that is given is judged even when no Dockerfile of those named is there.
  const given = reader.has("context") ? [shared] : [];
  const contexts = await checkContexts(host, [...given, ...used], problems);
  const images: ImageInput[] = [];
  const goals: GoalEntry[] = [];
  for (const image of wanted.images) {
    const context = contexts.get(image.context ?? shared);
    // Without its context, a Dockerfile that is named tells its stages all the same.
    if (context === undefined && image.file === undefined) continue;
    const input = await imageInput(host, image, context ?? ".", problems);
    if (input === undefined) continue;
    images.push(input);
    goals.push(...image.goals.map((goal) => ofImage(goal, input.name)));
  }
  addDoubleNames(images, problems);
  return { images, goals, areAll: images.length === wanted.images.length && wanted.areAll };
}

interface WantedImages {
  readonly images: readonly ConfiguredImage[];
  /** Whether each path that was given stands for something. */
  readonly areAll: boolean;
}

async function wantedImages(
  host: FilesHost,
  reader: InputReader,
  config: Pick<ConfigFile, "images" | "settings">,
  shared: Said,
): Promise<WantedImages> {
  if (!reader.has("file")) {
    const isGiven = reader.origin("context") === "workflow";
    const found = isGiven ? imagesIn(host, shared.text, config) : config.images;
    const images = found.length > 0 ? found : [{ goals: [], where: reader.where("file") }];
    return { images, areAll: true };
  }
  const before = reader.problems.count;
  const paths = await expandDockerfiles(host, reader.items("file"), reader.problems);
  const images = paths.flatMap((file) => {
    const known = config.images.filter((image) => dockerfileOf(image, shared) === file.text);
    return known.length > 0 ? known : [{ file, goals: [], where: file.where }];
  });
  return { images, areAll: reader.problems.count === before };
}

/** Images whose context or Dockerfile is in a folder, by what the configuration file says alone. */
function imagesIn(
  host: FilesHost,
  folder: string,
  { images, settings }: Pick<ConfigFile, "images" | "settings">,
): readonly ConfiguredImage[] {
  const context = settings.get("context");
  const shared = context?.kind === "text" ? context : { text: ".", where: "" };
  const root = resolve(host.workspace, folder);
  const isIn = (path: string) =>
    `${resolve(host.workspace, path)}${sep}`.startsWith(`${root}${sep}`);
  return images.filter(
    (image) => isIn((image.context ?? shared).text) || isIn(dockerfileOf(image, shared)),
  );
}

function dockerfileOf(image: ConfiguredImage, shared: Said): string {
  const context = (image.context ?? shared).text;
  return posix.normalize(image.file?.text ?? posix.join(context, "Dockerfile"));
}

/** Each context once: what is wrong with one that images share is said once. */
async function checkContexts(
  host: FilesHost,
  contexts: readonly Said[],
  problems: ProblemList,
): Promise<ReadonlyMap<Said, string>> {
  const checked = new Map<Said, string>();
  for (const said of new Set(contexts)) {
    const context = problems.take(said.where, await checkContext(host, said));
    if (context !== undefined) checked.set(said, context);
  }
  return checked;
}

async function imageInput(
  host: FilesHost,
  image: ConfiguredImage,
  context: string,
  problems: ProblemList,
): Promise<ImageInput | undefined> {
  const given = image.file ?? { text: posix.join(context, "Dockerfile"), where: image.where };
  const file = await findDockerfile(host, given, problems);
  if (file === undefined) return undefined;
  return { name: image.name?.text ?? imageName(file), file, context, where: image.where };
}

function ofImage(goal: GoalEntry, image: string): GoalEntry {
  // Behind a slash, two stars are those of the images below it as well.
  const stage = goal.pattern === "**" ? "*" : goal.pattern;
  return { ...goal, pattern: `${image}/${stage}`, written: goal.pattern };
}

function addDoubleNames(images: readonly ImageInput[], problems: ProblemList): void {
  const first = new Map<string, ImageInput>();
  for (const image of images) {
    const other = first.get(image.name);
    first.set(image.name, other ?? image);
    if (other === undefined) continue;
    const name = quoted(image.name);
    problems.add(
      image.where,
      `the image at ${other.where} is called ${name} too; give it another name`,
    );
  }
}
