// Java's archives. Maven writes into each what it is; an archive can hold others' too, whose
// descriptions came along. Without one, the manifest and the name of the file have to do.
// https://maven.apache.org/shared/maven-archiver/#pom-properties-content
// https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html#jar-manifest

import { BothEnds } from "./both-ends.ts";
import { fieldsOf } from "./fields.ts";
import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";
import { sayings } from "./whole-file.ts";
import { type ZipEntry, zipContent, zipEntries } from "./zip.ts";

const ARCHIVE = /^(.+)\.(?:jar|war|ear)$/;

const MANIFEST = "META-INF/MANIFEST.MF";
const POM_PROPERTIES = /^META-INF\/maven\/([^/]+)\/([^/]+)\/pom\.properties$/;

/** `commons-io-2.11.0`: what follows the first hyphen with a digit behind it is the version. */
const NAMED = /^(.+?)-(\d.*)$/s;

/** Bytes kept of an archive: what describes it comes first, the list of its files last. */
const HEAD = 2 ** 20;
const TAIL = 2 ** 23;

/** Bytes of the largest description or manifest. */
const LARGEST = 2 ** 22;

/** Opens a probe for a Java archive: whatever is in it, it is one package. */
export function openJava(file: ArchiveFile): PackageProbe | undefined {
  const [, name] = ARCHIVE.exec(file.name) ?? [];
  if (name === undefined) return undefined;
  const head = Math.min(HEAD, file.bytes);
  const tail = Math.min(TAIL, file.bytes - head);
  const archive = new BothEnds(head, tail);
  const files = [Buffer.from(`${file.folder}/${file.name}`)];
  return {
    isTooLarge: false,
    held: head + tail,
    write: (piece) => archive.write(piece),
    end: () => sayings(() => [{ type: "maven", ...identify(archive, name), files }]),
  };
}

/** What an archive is; `group:artifact` where Maven wrote it, else the artifact alone. */
type Identity = Required<Pick<Said, "name" | "version">>;

function identify(archive: BothEnds, fileName: string): Identity {
  const entries = describing(archive);
  const poms = entries.filter(({ path }) => path !== MANIFEST);
  const [, name = fileName, version] = NAMED.exec(fileName) ?? [];
  const isNamed = ({ path }: ZipEntry) => [name, fileName].includes(artifactOf(path));
  const own = poms.length === 1 ? poms[0] : poms.find(isNamed);
  const byMaven = own && readProperties(archive, own);
  if (byMaven !== undefined) return byMaven;
  if (version !== undefined) return { name, version };
  const manifest = entries.find(({ path }) => path === MANIFEST);
  return { name, version: manifest === undefined ? "" : manifestVersion(archive, manifest) };
}

function describing(archive: BothEnds): readonly ZipEntry[] {
  const isDescribing = ({ path }: ZipEntry) => path === MANIFEST || POM_PROPERTIES.test(path);
  return zipEntries(archive).filter(isDescribing).toArray();
}

function artifactOf(path: string): string {
  return POM_PROPERTIES.exec(path)?.[2] ?? "";
}

function readProperties(archive: BothEnds, entry: ZipEntry): Identity | undefined {
  const text = zipContent(archive, entry, LARGEST)?.toString("utf8") ?? "";
  const [, group, artifact] = POM_PROPERTIES.exec(entry.path) ?? [];
  const [, version] = /^version[ \t]*[=:][ \t]*(\S+)[ \t\r]*$/m.exec(text) ?? [];
  if (version === undefined) return undefined;
  return { name: `${group}:${artifact}`, version };
}

function manifestVersion(archive: BothEnds, entry: ZipEntry): string {
  const manifest = zipContent(archive, entry, LARGEST) ?? Buffer.alloc(0);
  const wanted = ["Implementation-Version", "Bundle-Version", "Specification-Version"] as const;
  const fields = fieldsOf(manifest, wanted);
  return wanted.map((field) => fields[field]).find((version) => version !== undefined) ?? "";
}
