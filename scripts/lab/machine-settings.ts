// What a container on this machine needs to reach the package registries as the machine itself
// does: a company's certificates, another index of packages. Read from the machine each time and
// put into the lab's base images; on most machines it is nothing.

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tryRun } from "./shell.ts";

/** Files to lay over an image's root: path → text. */
export type Overlay = ReadonlyMap<string, string>;

/** Debian's bundle of certificates, on the machine and in the images. */
export const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** The machine's settings as files, in the order of their paths. */
export async function machineOverlay(): Promise<Overlay> {
  const certificates = await ownCertificates();
  const trusting = certificates.length > 0;
  const files = new Map<string, string>();
  for (const [index, certificate] of certificates.entries()) {
    files.set(`usr/local/share/ca-certificates/machine-${index}.crt`, certificate);
  }
  const pip = pipConfiguration(await tryRun("pip", ["config", "list"]), trusting);
  const npm = npmConfiguration(await tryRun("npm", ["config", "get", "registry"]), trusting);
  const apt = aptConfiguration(await tryRun("apt-config", ["dump"]));
  if (pip !== undefined) files.set("etc/pip.conf", pip);
  if (npm !== undefined) files.set("usr/local/etc/npmrc", npm);
  if (apt !== undefined) files.set("etc/apt/apt.conf.d/90machine", apt);
  return files;
}

/** Whether the machine trusts certificates of its own. */
export function hasCertificates(overlay: Overlay): boolean {
  return [...overlay.keys()].some((path) => path.endsWith(".crt"));
}

/** Writes an overlay's files into a folder. */
export async function writeOverlay(folder: string, overlay: Overlay): Promise<void> {
  for (const [path, text] of overlay) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** `pip config list` → /etc/pip.conf; undefined when pip needs nothing. */
export function pipConfiguration(list: string | undefined, trusting: boolean): string | undefined {
  const wanted = ["index-url", "extra-index-url", "trusted-host", "proxy"];
  const settings = (list ?? "").split("\n").flatMap((line) => {
    const [, name, value] = /^[^=]*\.([a-z-]+)='(.*)'$/.exec(line) ?? [];
    return name !== undefined && wanted.includes(name) ? [`${name} = ${value}`] : [];
  });
  if (trusting) settings.push(`cert = ${CERTIFICATES}`);
  return settings.length === 0 ? undefined : `[global]\n${settings.join("\n")}\n`;
}

/** npm's registry → its global configuration; undefined when npm needs nothing. */
export function npmConfiguration(
  registry: string | undefined,
  trusting: boolean,
): string | undefined {
  const usual = registry === undefined || registry === "https://registry.npmjs.org/";
  const settings = [
    ...(usual ? [] : [`registry=${registry}`]),
    ...(trusting ? [`cafile=${CERTIFICATES}`] : []),
  ];
  return settings.length === 0 ? undefined : `${settings.join("\n")}\n`;
}

/** `apt-config dump` → what decides whether the archive is reached; undefined when nothing does. */
export function aptConfiguration(dump: string | undefined): string | undefined {
  const wanted = /^Acquire::(Check-Valid-Until|Check-Date|https?::[Pp]roxy) "(?!")/;
  const lines = (dump ?? "").split("\n").filter((line) => wanted.test(line));
  return lines.length === 0 ? undefined : `${lines.join("\n")}\n`;
}

/** Certificates that somebody added to this machine, one a text, without those Debian has. */
async function ownCertificates(): Promise<readonly string[]> {
  const folder = "/usr/local/share/ca-certificates";
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith(".crt")).map((name) => join(folder, name));
  const variables = [process.env.NODE_EXTRA_CA_CERTS, process.env.SSL_CERT_FILE];
  for (const file of variables) if (file !== undefined && file !== CERTIFICATES) files.push(file);
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const one = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
  const all = texts.flatMap((text) => text.match(one) ?? []);
  return [...new Set(all)].map((text) => `${text}\n`);
}
