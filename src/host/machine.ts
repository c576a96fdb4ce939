import { arch } from "node:os";

/**
 * What containers on this machine are: Linux, whatever system is around it, in the words of the
 * OCI image specification.
 */
export function containerPlatform(architecture: string = arch()): string {
  return `linux/${OCI_ARCHITECTURES[architecture] ?? architecture}`;
}

/** Where Node's word is another one (https://go.dev/doc/install/source#environment). */
const OCI_ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: "amd64",
  arm: "arm/v7",
  ia32: "386",
  ppc64: "ppc64le",
};

/** Environment variables that have a value. */
export function environmentOf(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
