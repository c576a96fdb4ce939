import { expect, test } from "vitest";
import { plainImageError } from "../../src/plan/image-error.ts";

test.each([
  [
    "nope:1: failed to resolve source metadata for docker.io/library/nope:1: docker.io/library/nope:1: not found",
    "the image nope:1 cannot be pulled: not found",
  ],
  [
    "acme/nope: failed to resolve source metadata for docker.io/acme/nope:latest: pull access denied, repository does not exist or may require authorization",
    "the image acme/nope cannot be pulled: pull access denied, repository does not exist or may require authorization",
  ],
  ["no such file or directory", "no such file or directory"],
])("what BuildKit says of an image is said once: %s", (error, plain) => {
  expect(plainImageError(error)).toBe(plain);
});

test("an error that names no image is told of the one that was asked for", () => {
  const denied = 'failed to do request: Head "https://ghcr.io/v2/": connection refused';
  expect(plainImageError(denied, "ghcr.io/acme/app:1")).toBe(
    `the image ghcr.io/acme/app:1 cannot be pulled: ${denied}`,
  );
  expect(plainImageError("docker.io/library/nope:1: not found", "nope:1")).toBe(
    "the image nope:1 cannot be pulled: not found",
  );
});
