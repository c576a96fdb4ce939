import { describe, expect, test } from "vitest";
import { readMount } from "../../src/plan/run-mount.ts";

describe("a mount", () => {
  test("is a bind of the build context where it says nothing else", () => {
    expect(readMount("target=/src")).toEqual({ type: "bind", target: "/src" });
  });

  test.each([
    ["type=CACHE,dst=/root/.npm", { type: "cache", target: "/root/.npm" }],
    ["from=deps,src=/a,destination=/b", { type: "bind", from: "deps", source: "/a", target: "/b" }],
    ['"TARGET=/a,b",Source=x=y', { type: "bind", source: "x=y", target: "/a,b" }],
    ["from=,target=/a", { type: "bind", target: "/a" }],
  ])("is read as BuildKit reads it: %s", (value, expected) => {
    expect(readMount(value)).toEqual(expected);
  });

  test("has the last of two values for one word", () => {
    expect(readMount("target=/a,target=/b,type=bind,type=tmpfs")).toEqual({
      type: "tmpfs",
      target: "/b",
    });
  });
});
