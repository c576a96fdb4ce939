import type { Problem } from "../../src/errors.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import type { ImageInput } from "../../src/model/inputs.ts";
import type { Project } from "./project.ts";

/** What of the inputs is about images. */
export interface Read {
  readonly images: readonly ImageInput[];
  readonly problems: readonly Problem[];
}

/** Reads what a run is given. */
export async function read(project: Project, raw: Readonly<Record<string, string>>): Promise<Read> {
  const { inputs, problems } = await gatherInputs(project, raw);
  return { images: inputs.images, problems };
}

/** An image as it is read. */
export function image(name: string, file: string, where = "input file", context = "."): ImageInput {
  return { name, file, context, where };
}
