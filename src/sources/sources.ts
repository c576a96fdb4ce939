// Where an image can be taken from: files, the engine, a registry. However it comes, it is then a
// digest and blobs, which are read like those of a layout.

import { assertNever } from "../errors.ts";
import type { Memory } from "../state/memory.ts";
import { wrong } from "./choose-image.ts";
import { type EngineHost, openEngineImage } from "./engine-source.ts";
import { openFiles } from "./files-source.ts";
import type { ImageSource, SourceSettings } from "./image-source.ts";
import type { RegistryHost } from "./registry.ts";
import { openRegistryImage } from "./registry-source.ts";
import { findTarget } from "./target.ts";

/**
 * Opens the image that was typed.
 * @throws UserError when there is no such image, with what there is; ToolError when what has it
 * does not do its work, or it is damaged
 */
export async function openImage(
  host: EngineHost & RegistryHost,
  text: string,
  settings: SourceSettings,
  memory: Memory,
): Promise<ImageSource> {
  const target = await findTarget(host, text);
  if (target.kind === "problem") throw wrong(target.what);
  switch (target.value.kind) {
    case "files":
      return await openFiles(host, target.value, settings);
    case "engine":
      return await openEngineImage(host, target.value.reference, settings, memory);
    case "registry":
      return await openRegistryImage(host, target.value.reference, settings);
    default:
      return assertNever(target.value);
  }
}
