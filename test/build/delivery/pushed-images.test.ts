import { expect, it } from "vitest";
import { removeDeadImages, removePushedImages } from "../../../src/build/delivery/pushed-images.ts";
import type { Exec } from "../../../src/host/host.ts";
import { makeLog } from "../../publish/make-host.ts";

/** An engine with these images, and what it was told. */
function engine(images: readonly string[]) {
  const commands: (readonly [line: string, seconds: number | undefined])[] = [];
  const exec: Exec = async (command, args, { timeoutSeconds } = {}) => {
    commands.push([[command, ...args].join(" "), timeoutSeconds]);
    return { exitCode: 0, stdout: `${images.join("\n")}\n`, stderr: "" };
  };
  return { commands, exec };
}

const owner = {
  mark: "1-0000abcd-1",
  place: "0000abcd",
  isGone: (name: string) => name.includes("/dead-"),
};
const log = makeLog([]);
const { signal } = new AbortController();

it("removes of what runs have pushed only what belongs to none that goes on", async () => {
  const dead = ["127.0.0.1:4000/weighbridge/dead-1:a", "127.0.0.1:0/weighbridge/dead-1:b"];
  const { exec, commands } = engine([...dead, "127.0.0.1:4001/weighbridge/alive-2:a"]);
  await removeDeadImages({ exec, signal, owner, log });
  expect(commands.map(([line]) => line).slice(1)).toEqual([`docker image rm ${dead.join(" ")}`]);
});

it("asks nothing of the engine where nothing is left", async () => {
  const { exec, commands } = engine([]);
  await removeDeadImages({ exec, signal, owner, log });
  expect(commands).toHaveLength(1);
});

it("is done without an engine", async () => {
  const exec: Exec = () => Promise.reject(new Error("no docker"));
  await expect(removeDeadImages({ exec, signal, owner, log })).resolves.toBeUndefined();
});

it("gives a large image its time, unless the run is cancelled", async () => {
  const { exec, commands } = engine([]);
  await removePushedImages({ exec, signal }, ["a"]);
  await removePushedImages({ exec, signal: AbortSignal.abort() }, ["a"]);
  expect(commands.map(([, seconds]) => seconds)).toEqual([120, 5]);
});
