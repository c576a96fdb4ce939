import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageName, runName } from "../../src/inputs/image-name.ts";

describe("the name of an image", () => {
  it.each([
    ["Dockerfile", "Dockerfile"],
    ["services/api/Dockerfile", "services/api"],
    ["Dockerfile.backend", "Dockerfile.backend"],
    ["api/Dockerfile.dev", "api/Dockerfile.dev"],
    ["docker/api.Dockerfile", "docker/api.Dockerfile"],
    ["Dockerfile/Dockerfile", "Dockerfile/Dockerfile"],
    ["api/Dockerfile/Dockerfile", "api/Dockerfile/Dockerfile"],
    ["api/dockerfile", "api/dockerfile"],
  ])("is for %s %s", (path, name) => {
    expect(imageName(path)).toBe(name);
  });

  it("is another one for every other file of a workspace", () => {
    const segment = fc.constantFrom("Dockerfile", "Dockerfile.dev", "api", "web");
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(path, path, (one, other) => {
        // A path cannot be a file and a folder.
        fc.pre(one !== other && !one.startsWith(`${other}/`) && !other.startsWith(`${one}/`));
        expect(imageName(one)).not.toBe(imageName(other));
      }),
    );
  });
});

describe("the name of a run", () => {
  it("joins the names of its images", () => {
    expect(runName(["backend", "frontend"])).toBe("backend+frontend");
  });

  it("is that of its only image", () => {
    expect(runName(["services/api"])).toBe("services/api");
  });

  it("keeps the first names and a digest of all when they are long", () => {
    const names = Array.from({ length: 20 }, (_, index) => `services/service-${index}`);
    expect(runName(names)).toBe(
      "services/service-0+services/service-1+services/service-2+c849c5c9",
    );
  });

  it("keeps the start of a first name that is too long", () => {
    const name = runName(["x".repeat(200)]);
    expect(name).toMatch(/^x{71}\+[0-9a-f]{8}$/);
  });

  it("is another one for two images than for one whose name has a plus", () => {
    expect(runName(["a", "b"])).not.toBe(runName(["a+b"]));
  });

  it("is never longer than eighty characters", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (names) => {
        expect(runName(names).length).toBeLessThanOrEqual(80);
      }),
    );
  });

  it("is another one for every other list of names", () => {
    const names = fc.array(fc.stringMatching(/^[a-b+]{1,3}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(names, names, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(runName(one)).not.toBe(runName(other));
      }),
    );
  });
});
