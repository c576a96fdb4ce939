import { installPackages } from "./debian.ts";
import type { Place } from "./place.ts";
import { tryRun } from "./shell.ts";

/** A Go that fetches a newer one by itself when a module asks for it (https://go.dev/doc/toolchain). */
export async function ensureGo(place: Place): Promise<void> {
  const minor = /go1\.(\d+)/.exec((await tryRun("go", ["version"])) ?? "")?.[1];
  if (Number(minor ?? 0) < 21) await installPackages(place, ["golang-go"]);
}

/**
 * For compiling what is too large to wait for: the compiler spends a quarter of its time on garbage
 * that it need not collect, as each package has a process of its own, which may take so much memory.
 * https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
export const GO_SETTINGS = { GOWORK: "off", GOGC: "off", GOMEMLIMIT: "2GiB" } as const;
