import { describe, expect, it } from "vitest";
import { type CacheRequest, chooseCaches } from "../../../src/build/cache/cache-places.ts";
import { makePlannedImage } from "../../make.ts";

const RUNNER = {
  kind: "actions",
  ci: undefined,
  env: { ACTIONS_RUNTIME_TOKEN: "opaque", ACTIONS_RESULTS_URL: "https://results.example/" },
} as const;
const LAPTOP = { kind: "local", ci: undefined, env: {} } as const;

const KEY = { name: "app", targets: [] };

function chosen(request: Partial<CacheRequest["inputs"]> = {}, host = RUNNER as typeof RUNNER) {
  const inputs = { cacheFrom: [], cacheTo: [], ...request };
  return chooseCaches(host, { inputs, key: KEY });
}

const image = makePlannedImage();
const SCOPE = "weighbridge-app-[0-9a-f]{16}";

describe("the cache of a run", () => {
  it("is GitHub's on a runner when nothing is said, with all steps and without failing", () => {
    const { from, to } = chosen().placesOf(image);
    expect(from).toEqual([expect.stringMatching(`^type=gha,scope=${SCOPE},timeout=15s$`)]);
    const options = "timeout=30s,mode=max,ignore-error=true";
    expect(to).toEqual([expect.stringMatching(`^type=gha,scope=${SCOPE},${options}$`)]);
  });

  it("is none on a laptop, of which nothing is said", () => {
    const request = { inputs: { cacheFrom: [], cacheTo: [] }, key: KEY };
    const caches = chooseCaches(LAPTOP, request);
    expect(caches).toMatchObject({ reads: false, writes: false });
    expect([caches.description, caches.note]).toEqual([undefined, undefined]);
  });

  it("is none where it is asked for and cannot be had, which the report tells", () => {
    const caches = chooseCaches(LAPTOP, {
      inputs: { cache: { kind: "gha" }, cacheFrom: [], cacheTo: [] },
      key: KEY,
    });
    expect(caches.note).toBe(
      "GitHub's build cache cannot be used: ACTIONS_RUNTIME_TOKEN is not set.",
    );
  });

  it("is a tag of its own for each Dockerfile in a registry", () => {
    const caches = chosen({ cache: { kind: "registry", repository: "ghcr.io/octo/cache" } });
    const ref = `ref=ghcr.io/octo/cache:${SCOPE}`;
    expect(caches.placesOf(image)).toEqual({
      from: [expect.stringMatching(`^type=registry,${ref}$`)],
      to: [expect.stringMatching(`^type=registry,${ref},mode=max,ignore-error=true$`)],
    });
  });

  it("begins the tag with the given one", () => {
    const cache = { kind: "registry", repository: "ghcr.io/octo/cache", tag: "ci" } as const;
    expect(chosen({ cache }).placesOf(image).from[0]).toContain("cache:ci-weighbridge-app-");
  });

  it("is a folder that is written beside the one that is read, and then replaces it", () => {
    const caches = chosen({ cache: { kind: "local", folder: "/cache" } });
    const [{ written, replaced } = { written: "", replaced: "" }] = caches.foldersOf(image);
    expect(replaced).toMatch(new RegExp(`^/cache/${SCOPE}$`));
    expect(written).toBe(`${replaced}.next`);
    const { from, to } = caches.placesOf(image);
    expect(from).toEqual([`type=local,src=${replaced}`]);
    expect(to).toEqual([`type=local,dest=${written},mode=max,ignore-error=true`]);
  });

  it("is only what cache-from and cache-to say where they are given alone", () => {
    const caches = chosen({ cacheFrom: ["type=gha"], cacheTo: ["type=inline"] });
    expect(caches.placesOf(image)).toEqual({ from: ["type=gha"], to: ["type=inline"] });
    expect(caches).toMatchObject({ reads: true, writes: true });
  });

  it("is both where both are given", () => {
    const cache = { kind: "local", folder: "/cache" } as const;
    const { from, to } = chosen({ cache, cacheFrom: ["type=gha"] }).placesOf(image);
    expect([from.length, to.length]).toEqual([2, 1]);
  });

  it("is none when it is off", () => {
    const caches = chosen({ cache: { kind: "off" } });
    expect(caches).toMatchObject({ reads: false, writes: false });
    expect(caches.placesOf(image)).toEqual({ from: [], to: [] });
  });
});

describe("the cache of a run that may build strangers' code", () => {
  const WRITE_ONLY = { ...RUNNER, env: { ...RUNNER.env, ACTIONS_CACHE_MODE: "write-only" } };
  const READ_ONLY = { ...RUNNER, env: { ...RUNNER.env, ACTIONS_CACHE_MODE: "read" } };
  const strange = (cache: CacheRequest["inputs"]["cache"], host: typeof RUNNER = RUNNER) =>
    chooseCaches(host, {
      inputs: { cacheFrom: [], cacheTo: [], ...(cache && { cache }) },
      key: KEY,
      mayBeStrange: true,
    });

  it.each([
    undefined,
    { kind: "gha" },
    { kind: "registry", repository: "ghcr.io/octo/cache" },
    { kind: "local", folder: "/cache" },
  ] as const)("is only read, which the log tells: %j", (cache) => {
    const caches = strange(cache);
    expect(caches).toMatchObject({ reads: true, writes: false });
    const { from } = chosen(cache && { cache }).placesOf(image);
    expect(caches.placesOf(image)).toEqual({ from, to: [] });
    expect(caches.foldersOf(image)).toEqual([]);
    expect(caches.description).toMatch(/, only read: allow-untrusted-checkout lets .* be built$/);
  });

  it("is none where it could only be written, and tells the first reason where there are two", () => {
    expect(strange(undefined, WRITE_ONLY)).toMatchObject({ reads: false, writes: false });
    expect(strange(undefined, WRITE_ONLY).placesOf(image)).toEqual({ from: [], to: [] });
    expect(strange(undefined, READ_ONLY).description).toMatch(
      /only read: the workflow says [^,]*$/,
    );
  });
});

describe("the place of a Dockerfile in a cache", () => {
  const placeOf = (key: Partial<CacheRequest["key"]>, name = "app") =>
    chooseCaches(RUNNER, {
      inputs: { cacheFrom: [], cacheTo: [] },
      key: { ...KEY, ...key },
    }).placesOf(makePlannedImage({ name })).from[0];

  it("is the same from run to run, in whatever order the targets are named", () => {
    expect(placeOf({})).toBe(placeOf({}));
    expect(placeOf({ targets: ["a", "b"] })).toBe(placeOf({ targets: ["b", "a"] }));
  });

  it("is another for every other Dockerfile, report, platform, choice of targets and leg", () => {
    const places = [
      placeOf({}),
      placeOf({}, "web"),
      placeOf({ name: "nightly" }),
      placeOf({ platform: "linux/arm64" }),
      placeOf({ targets: ["production"] }),
      placeOf({ matrix: '{"python":"3.11"}' }),
      placeOf({ matrix: '{"python":"3.12"}' }),
    ];
    expect(new Set(places).size).toBe(places.length);
  });

  it.each([
    { kind: "registry", repository: "ghcr.io/octo/cache" },
    { kind: "local", folder: "/cache" },
  ] as const)("is another for every repository where several can keep theirs: %j", (cache) => {
    const placesOf = (repository?: string) => {
      const key = { ...KEY, ...(repository !== undefined && { repository }) };
      const inputs = { cache, cacheFrom: [], cacheTo: [] };
      return chooseCaches(RUNNER, { inputs, key }).placesOf(image).from[0];
    };
    expect(new Set([placesOf(), placesOf("octo/app"), placesOf("octo/web")]).size).toBe(3);
    expect(placesOf("octo/app")).toMatch(new RegExp(`${SCOPE}$`));
  });

  it("is the same in GitHub's cache when a repository is renamed", () => {
    expect(placeOf({ repository: "octo/app" })).toBe(placeOf({ repository: "octo/web" }));
  });

  it("has a name that every cache takes, whatever the Dockerfile is called", () => {
    const scope = /scope=([^,]*),/.exec(placeOf({}, "Ünï,code/\n${x}".repeat(20)) ?? "")?.[1];
    expect(scope).toMatch(/^weighbridge-[a-z0-9-]{1,30}-[0-9a-f]{16}$/);
  });
});
