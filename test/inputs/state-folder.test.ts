import { describe, expect, it } from "vitest";
import { stateFolder } from "../../src/inputs/state-folder.ts";

const laptop = { kind: "local", env: { HOME: "/home/me" }, workspace: "/project" } as const;
const runner = {
  kind: "actions",
  env: { HOME: "/home/runner", RUNNER_TOOL_CACHE: "/opt/hostedtoolcache" },
  workspace: "/project",
} as const;

describe("the folder that is kept between runs", () => {
  it("is in the tool cache on a runner", () => {
    expect(stateFolder(runner, undefined, "linux")).toEqual({
      kind: "ok",
      value: "/opt/hostedtoolcache/weighbridge",
    });
  });

  it("is the user's on a laptop, even inside a run of a workflow", () => {
    const env = { ...laptop.env, RUNNER_TOOL_CACHE: "/opt/hostedtoolcache" };
    expect(stateFolder({ ...laptop, env }, undefined, "linux")).toEqual({
      kind: "ok",
      value: "/home/me/.cache/weighbridge",
    });
  });

  it("is where XDG_CACHE_HOME says", () => {
    const env = { ...laptop.env, XDG_CACHE_HOME: "/var/cache/me" };
    expect(stateFolder({ ...laptop, env }, undefined, "linux")).toEqual({
      kind: "ok",
      value: "/var/cache/me/weighbridge",
    });
  });

  it.each(["", "cache"])(
    "is not where XDG_CACHE_HOME says %j, as that is no absolute path",
    (value) => {
      const env = { ...laptop.env, XDG_CACHE_HOME: value };
      expect(stateFolder({ ...laptop, env }, undefined, "linux")).toEqual({
        kind: "ok",
        value: "/home/me/.cache/weighbridge",
      });
    },
  );

  it("is in the library on a Mac", () => {
    expect(stateFolder(laptop, undefined, "darwin")).toEqual({
      kind: "ok",
      value: "/home/me/Library/Caches/weighbridge",
    });
  });

  it.each([
    ["/mnt/state", "/mnt/state"],
    ["state", "/project/state"],
    ["~/state", "/home/me/state"],
    ["~", "/home/me"],
    ["~other", "/project/~other"],
  ])("is the one that is given: %s", (given, path) => {
    expect(stateFolder(laptop, given, "linux")).toEqual({ kind: "ok", value: path });
  });

  it("has to be given where there is no home", () => {
    expect(stateFolder({ ...laptop, env: {} }, undefined, "linux")).toEqual({
      kind: "problem",
      what: "there is no home folder to keep things in; name a folder",
    });
  });
});
