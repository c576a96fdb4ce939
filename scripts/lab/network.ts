import type { ImageStore } from "./engine.ts";
import type { Place } from "./place.ts";
import { run, tryRun } from "./shell.ts";

/** A bridge for an engine's containers, with a way to the outside; made when it is not there. */
export async function ensureBridge(place: Place, store: ImageStore): Promise<string> {
  const { name, address, network } = bridgeOf(place, store);
  if ((await tryRun("ip", ["link", "show", name])) === undefined) {
    await run("ip", ["link", "add", name, "type", "bridge"]);
    await run("ip", ["addr", "add", address, "dev", name]);
  }
  await run("ip", ["link", "set", name, "up"]);
  for (const rule of rulesOf(name, network)) await ensureRule(rule);
  return name;
}

/** Takes the bridge and its rules away. */
export async function removeBridge(place: Place, store: ImageStore): Promise<void> {
  const { name, network } = bridgeOf(place, store);
  for (const { table, chain, match } of rulesOf(name, network)) {
    await tryRun("iptables", ["-w", "-t", table, "-D", chain, ...match]);
  }
  await tryRun("ip", ["link", "delete", name]);
}

function bridgeOf({ number }: Place, store: ImageStore) {
  // The name of an interface has at most 15 characters.
  const name = `wb${number === 0 ? "" : number}-${store}`;
  const third = number * 2 + (store === "containerd" ? 0 : 1);
  return { name, address: `172.30.${third}.1/24`, network: `172.30.${third}.0/24` };
}

interface Rule {
  readonly table: "nat" | "filter";
  readonly chain: string;
  readonly match: readonly string[];
}

/** Packets pass in and out, and leave under the machine's own address. */
function rulesOf(bridge: string, network: string): readonly Rule[] {
  const masquerade = ["-s", network, "!", "-o", bridge, "-j", "MASQUERADE"];
  return [
    { table: "nat", chain: "POSTROUTING", match: masquerade },
    { table: "filter", chain: "FORWARD", match: ["-i", bridge, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", match: ["-o", bridge, "-j", "ACCEPT"] },
  ];
}

async function ensureRule({ table, chain, match }: Rule): Promise<void> {
  const present = await tryRun("iptables", ["-w", "-t", table, "-C", chain, ...match]);
  if (present === undefined) await run("iptables", ["-w", "-t", table, "-I", chain, ...match]);
}
