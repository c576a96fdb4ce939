// Reads apt's two formats of sources (man sources.list), so that whatever is fetched besides comes
// from the same archive as the machine's own packages.

/** One archive: where it is, and which keys sign it. */
export interface Archive {
  readonly url: string;
  readonly signedBy: string | undefined;
}

export interface DebianSources {
  readonly archive: Archive;
  /** Security updates have an archive of their own. */
  readonly security: Archive | undefined;
}

/** Suites to write down of each archive. */
export interface Suites {
  readonly archive: readonly string[];
  readonly security?: readonly string[];
}

/** The archives that a machine of this release uses; undefined when there is none. */
export function parseSources(
  texts: readonly string[],
  codename: string,
): DebianSources | undefined {
  const entries = texts.flatMap((text) => [...readStanzas(text), ...readLines(text)]);
  const archive = entries.find((entry) => entry.suites.includes(codename));
  if (archive === undefined) return undefined;
  const security = entries.find((entry) => entry.suites.includes(`${codename}-security`));
  return { archive: withoutSuites(archive), security: security && withoutSuites(security) };
}

/** Sources in apt's newer format. */
export function writeSources(sources: DebianSources, suites: Suites): string {
  const archive = writeStanza(sources.archive, suites.archive);
  if (sources.security === undefined || suites.security === undefined) return archive;
  return `${archive}\n${writeStanza(sources.security, suites.security)}`;
}

interface Entry extends Archive {
  readonly suites: readonly string[];
}

/** `Types: deb`, `URIs: …`, a stanza an archive. */
function readStanzas(text: string): readonly Entry[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, "m").exec(stanza)?.[1]?.trim();
    const url = field("URIs")?.split(/\s+/)[0];
    const types = field("Types")?.split(/\s+/) ?? [];
    if (url === undefined || !types.includes("deb") || field("Enabled") === "no") return [];
    const suites = field("Suites")?.split(/\s+/) ?? [];
    return [{ url, signedBy: field("Signed-By"), suites }];
  });
}

/** `deb [signed-by=FILE] URL SUITE COMPONENT…`, a line an archive. */
function readLines(text: string): readonly Entry[] {
  return text.split("\n").flatMap((line) => {
    const match = /^deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)\s/.exec(line);
    const [, options = "", url, suite] = match ?? [];
    if (url === undefined || suite === undefined) return [];
    return [{ url, suites: [suite], signedBy: /signed-by=(\S+)/.exec(options)?.[1] }];
  });
}

function withoutSuites({ url, signedBy }: Entry): Archive {
  return { url, signedBy };
}

function writeStanza({ url, signedBy }: Archive, suites: readonly string[]): string {
  const lines = [
    "Types: deb",
    `URIs: ${url}`,
    `Suites: ${suites.join(" ")}`,
    "Components: main",
    ...(signedBy === undefined ? [] : [`Signed-By: ${signedBy}`]),
  ];
  return `${lines.join("\n")}\n`;
}
