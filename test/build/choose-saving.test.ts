import { describe, expect, it } from "vitest";
import type { Builder } from "../../src/build/builder/builder.ts";
import { chooseBuilder } from "../../src/build/builder/choose-builder.ts";
import { makePlannedImage } from "../make.ts";
import { makeLog } from "../publish/make-host.ts";
import { temporary } from "../state/crafted.ts";
import { emptyBuildInputs } from "./captured.ts";

const near: Builder = {
  name: undefined,
  driver: "docker",
  store: "graph",
  reachesLoopback: true,
  writesCache: false,
  versions: {},
};
const far: Builder = { ...near, reachesLoopback: false };

/** Chooses where no builder can be made. */
async function choose(current: Builder, inputs: object = {}) {
  using place = temporary();
  const lines: string[] = [];
  const exec = async () => ({ exitCode: 1, stdout: "", stderr: "ERROR: no such image\n" });
  const host = { ...place.host, exec, log: makeLog(lines) };
  const choice = await chooseBuilder(host, current, {
    inputs: { ...emptyBuildInputs, ...inputs },
    key: { name: "app", targets: [] },
    plan: { images: [makePlannedImage()] },
  });
  return { choice, lines };
}

const CANNOT = "the docker driver with the older image store cannot";

describe("where images can only be saved", () => {
  it("log and report say why no other builder is there", async () => {
    const { choice, lines } = await choose(far);
    const note = `Images are saved by the engine: ${CANNOT} export images from another machine, and no other builder can be had: ERROR: no such image.`;
    expect(choice).toMatchObject({ builder: far, note });
    expect(lines.join("\n")).toContain(note);
  });

  it("a builder that is named is taken all the same", async () => {
    const named = { ...far, name: "default" };
    const { choice } = await choose(named, { builder: "default" });
    expect(choice.builder).toBe(named);
    expect(choice.note).toBe(
      `Images are saved by the engine: ${CANNOT} export images from another machine.`,
    );
  });

  it("it is said too that there is no cache", async () => {
    const { choice } = await choose(far, { cache: { kind: "local", folder: "cache" } });
    expect(choice.note).toContain("cannot write a cache or export images from another machine");
    expect(choice.caches.note).toContain("Without the build cache: ");
  });
});

it("nothing is said where images can be pushed", async () => {
  const { choice, lines } = await choose(near);
  expect(choice).not.toHaveProperty("note");
  expect(lines).toEqual([]);
});
