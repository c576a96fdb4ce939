// Packages that npm, pnpm and Yarn lay out: each is a folder of `node_modules`, with its own
// `package.json`. Such files elsewhere in a package's folder are part of that package.
// https://docs.npmjs.com/cli/configuring-npm/package-json

import { asRecord } from "../../foreign-json.ts";
import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";
import { wholeFile } from "./whole-file.ts";

const PACKAGE_FOLDER = /\/node_modules\/((?:@[^/]+\/)?[^/.@][^/]*)$/;

/** Bytes of the largest `package.json` that is read: as values it takes many times as much. */
const LARGEST = 2 ** 22;

/** Opens a probe for the description of an installed npm package. */
export function openNpm(file: ArchiveFile): PackageProbe | undefined {
  if (file.name !== "package.json") return undefined;
  const [, place] = PACKAGE_FOLDER.exec(file.folder) ?? [];
  if (place === undefined) return undefined;
  return wholeFile(file, (content) => [readDescription(content, file.folder, place)], LARGEST);
}

/** A package may be installed under another name: what its description says is the true one. */
function readDescription(content: Buffer, folder: string, place: string): Said {
  const { name, version } = asRecord(JSON.parse(content.toString("utf8")));
  return {
    type: "npm",
    name: typeof name === "string" && name !== "" ? name : place,
    version: typeof version === "string" ? version : "",
    folder,
  };
}
