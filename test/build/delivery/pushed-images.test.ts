import { expect, it } from "vitest";
import { removeDeadImages, removePushedImages } from "../../../src/build/delivery/pushed-images.ts";
import type { Exec } from "../../../src/host/host.ts";
import { makeLog } from "../../publish/make-host.ts";

/** Names of images by their ID, as an engine has them. */
type Images = Readonly<Record<string, readonly string[]>>;

const repositoryOf = (name: string) => name.replace(/@.*|:[^:/]*$/, "");

/**
 * An engine that takes names away, and with the last one the image; where its disk is full, at first the
 * names alone. It keeps what it was told.
 */
function engine(images: Images, isFull = false) {
  const kept = new Map(Object.entries(images).map(([id, names]) => [id, new Set(names)]));
  const commands: (readonly [line: string, seconds: number | undefined])[] = [];
  const remove = (name: string): boolean => {
    const entry = [...kept].find(([id, names]) => id === name || names.has(name));
    if (entry === undefined) return false;
    const [id, names] = entry;
    const leaves = isFull && id !== name;
    names.delete(name);
    const repository = repositoryOf(name);
    const isTagged = [...names].some((each) => each.startsWith(`${repository}:`));
    if (!isTagged && !leaves) names.delete(`${repository}@sha256:1`);
    if (names.size === 0 && !leaves) kept.delete(id);
    return !leaves;
  };
  const exec: Exec = async (command, args, { timeoutSeconds } = {}) => {
    commands.push([[command, ...args].join(" "), timeoutSeconds]);
    const [, verb] = args;
    const entries = [...kept];
    const lines =
      verb === "ls"
        ? entries.flatMap(([id, names]) => [...names].map((name) => `${repositoryOf(name)} ${id}`))
        : entries
            .filter(([id]) => args.includes(id))
            .map(([id, names]) => {
              const digests = [...names].filter((name) => name.includes("@"));
              const tags = [...names].filter((name) => !name.includes("@"));
              return JSON.stringify({ id, tags, digests });
            });
    const done = verb === "rm" ? args.slice(2).map(remove) : [true];
    return { exitCode: done.every(Boolean) ? 0 : 1, stdout: `${lines.join("\n")}\n`, stderr: "" };
  };
  return { commands, exec, names: () => [...kept.values()].map((names) => [...names]) };
}

const owner = {
  mark: "1-0000abcd-1",
  place: "0000abcd",
  isGone: (name: string) => name.includes("/dead-"),
};
const log = makeLog([]);
const { signal } = new AbortController();

const DEAD = "127.0.0.1:4000/weighbridge/dead-1";
const ALIVE = "127.0.0.1:4001/weighbridge/alive-2";

it("removes of what runs have pushed only what belongs to none that goes on", async () => {
  const { exec, names } = engine({
    one: [`${DEAD}:a`, `${DEAD}:b`],
    two: ["127.0.0.1:0/weighbridge/dead-1:b"],
    three: [`${ALIVE}:a`],
    both: [`${DEAD}:c`, "shop/app:1"],
  });
  await removeDeadImages({ exec, signal, owner, log });
  expect(names()).toEqual([[`${ALIVE}:a`], ["shop/app:1"]]);
});

it("removes what has no tag, and leaves the names that others gave it", async () => {
  const { exec, names } = engine({
    one: [`${DEAD}@sha256:1`],
    both: [`${DEAD}@sha256:1`, "shop/app:1"],
  });
  const told: string[] = [];
  const telling = { ...log, debug: (text: string) => void told.push(text) };
  await removeDeadImages({ exec, signal, owner, log: telling });
  expect(names()).toEqual([["shop/app:1"]]);
  expect(told).toEqual(["removed 2 images that an earlier run had left in the engine"]);
});

it("removes an image whose name alone was taken, as where a disk is full", async () => {
  const { exec, names } = engine({ one: [`${ALIVE}:a`], both: [`${ALIVE}:b`, "shop/app:1"] }, true);
  await removePushedImages({ exec, signal }, [`${ALIVE}:a`, `${ALIVE}:b`, `${ALIVE}:none`]);
  expect(names()).toEqual([["shop/app:1"]]);
});

it("asks nothing of the engine where nothing is left", async () => {
  const { exec, commands } = engine({});
  await removeDeadImages({ exec, signal, owner, log });
  expect(commands).toHaveLength(1);
});

it("is done without an engine", async () => {
  const exec: Exec = () => Promise.reject(new Error("no docker"));
  await expect(removeDeadImages({ exec, signal, owner, log })).resolves.toBeUndefined();
});

it("gives a large image its time, unless the run is cancelled", async () => {
  const removals = async (of: AbortSignal) => {
    const { exec, commands } = engine({ one: [`${ALIVE}:a`] });
    await removePushedImages({ exec, signal: of }, [`${ALIVE}:a`]);
    return commands.filter(([line]) => line.includes("image rm")).map(([, seconds]) => seconds);
  };
  expect(await removals(signal)).toEqual([120]);
  expect(await removals(AbortSignal.abort())).toEqual([5]);
});
