import { describe, expect, test } from "vitest";
import { parseReference, shortReference } from "../../src/plan/image-reference.ts";

describe("the short form of an image's name", () => {
  test.each([
    ["alpine", "alpine"],
    ["alpine:latest", "alpine"],
    ["docker.io/library/alpine", "alpine"],
    ["index.docker.io/library/alpine:3", "alpine:3"],
    ["docker.io/alpine", "alpine"],
    ["library/a/b", "library/a/b"],
    ["team/app", "team/app"],
    ["localhost/app", "localhost/app"],
    ["localhost:5000/app:1", "localhost:5000/app:1"],
    ["REGISTRY/app", "REGISTRY/app"],
    ["[::1]:5000/app", "[::1]:5000/app"],
    ["a_b.c/d", "a_b.c/d"],
    [`alpine:3@sha256:${"0".repeat(64)}`, `alpine:3@sha256:${"0".repeat(64)}`],
    [`alpine:latest@sha256:${"0".repeat(64)}`, `alpine:latest@sha256:${"0".repeat(64)}`],
  ])("of %s is %s", (text, expected) => {
    expect(shortReference(text)).toBe(expected);
  });

  test.each([
    "",
    "Alpine",
    "team/App",
    "alpine:",
    "alpine:a b",
    "alpine:-1",
    "a//b",
    "a..b",
    "-a",
    "a@sha256:0",
    "alpine:3:4",
    "0".repeat(64),
    "a".repeat(256),
    "a\u001b[31m",
    "https://example.com/a",
  ])("does not exist for %j", (text) => {
    expect(shortReference(text)).toBeUndefined();
  });
});

describe("an image's name", () => {
  test.each([
    ["nginx", { registry: "docker.io", path: "library/nginx" }],
    ["team/app:1", { registry: "docker.io", path: "team/app", tag: "1" }],
    ["index.docker.io/library/nginx", { registry: "docker.io", path: "library/nginx" }],
    ["ghcr.io/a/b:1.0", { registry: "ghcr.io", path: "a/b", tag: "1.0" }],
    [
      `localhost:5000/app@sha256:${"0".repeat(64)}`,
      { registry: "localhost:5000", path: "app", digest: `sha256:${"0".repeat(64)}` },
    ],
  ])("has its parts: %s", (text, parts) => {
    expect(parseReference(text)).toEqual(parts);
  });

  test.each(["", "App", "a:b:c", "a@sha256:1"])("is none: %j", (text) => {
    expect(parseReference(text)).toBeUndefined();
  });
});
