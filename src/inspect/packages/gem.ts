// Ruby's packages: a specification, and beside the folder of specifications one with what each
// package brought, and one with what was compiled for it.
// https://guides.rubygems.org/specification-reference/

import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";
import { pathAlone, wholeFile } from "./whole-file.ts";

const SPECIFICATION = ".gemspec";

/** `specifications`, and in it a folder for what comes with Ruby itself. */
const SPECIFICATIONS = /^(.*)\/specifications(?:\/default)?$/;

/** RubyGems puts this file among what it compiled: `extensions/PLATFORM/ABI/NAME-VERSION`. */
const COMPILED = "gem.build_complete";
const EXTENSIONS = "extensions";

/** A name, a version, and for some a platform. */
const NAMED = /^(.{1,200}?)-(\d[^-]*)/s;

const NAME = /^[ \t]*\w+\.name[ \t]*=[ \t]*["']([^"']+)["']/m;
const VERSION = /^[ \t]*\w+\.version[ \t]*=[ \t]*(?:Gem::Version\.new\()?["']([^"']+)["']/m;

/** Bytes of the beginning in which a specification has its name and version. */
const BEGINNING = 10_000;

/** Opens a probe for the specification of an installed gem, or for the sign that it was compiled. */
export function openGem(file: ArchiveFile): PackageProbe | undefined {
  const { folder, name } = file;
  if (name === COMPILED) return compiled(folder);
  if (!name.endsWith(SPECIFICATION)) return undefined;
  const [, root] = SPECIFICATIONS.exec(folder) ?? [];
  if (root === undefined) return undefined;
  const brought = `${root}/gems/${name.slice(0, -SPECIFICATION.length)}`;
  return wholeFile(file, (content) => readSpecification(content, file, brought));
}

function compiled(folder: string): PackageProbe | undefined {
  const [extensions, , , gem = ""] = folder.split("/").slice(-4);
  const [, name, version] = NAMED.exec(gem) ?? [];
  const isCompiled = extensions === EXTENSIONS && name !== undefined && version !== undefined;
  return isCompiled ? pathAlone({ type: "gem", name, version, folder }) : undefined;
}

function readSpecification(content: Buffer, file: ArchiveFile, brought: string): readonly Said[] {
  const beginning = content.toString("utf8", 0, BEGINNING);
  const [, name] = NAME.exec(beginning) ?? [];
  const [, version] = VERSION.exec(beginning) ?? [];
  if (name === undefined || version === undefined) return [];
  const files = [Buffer.from(`${file.folder}/${file.name}`)];
  return [{ type: "gem", name, version, files, folder: brought }];
}
