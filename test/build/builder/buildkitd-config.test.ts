import { describe, expect, it } from "vitest";
import { buildkitdConfig, buildxFolder } from "../../../src/build/builder/buildkitd-config.ts";

const config = (engine: object, registries: readonly string[] = []) =>
  buildkitdConfig(JSON.stringify(engine), registries);

describe("BuildKit's configuration", () => {
  it("has the engine's mirrors of Docker Hub, in their order, each with its protocol", () => {
    expect(config({ Mirrors: ["http://127.0.0.1:5000/", "https://mirror.example/"] })).toBe(
      `[registry."127.0.0.1:5000"]
  http = true
[registry."mirror.example"]
  http = false
[registry."docker.io"]
  mirrors = ["127.0.0.1:5000","mirror.example"]
`,
    );
  });

  it("takes any certificate of a mirror that the engine takes any of", () => {
    const IndexConfigs = { "mirror.example": { Secure: false } };
    expect(config({ Mirrors: ["https://mirror.example/"], IndexConfigs })).toContain(
      '[registry."mirror.example"]\n  http = false\n  insecure = true\n',
    );
  });

  it("leaves out a mirror with a path, which BuildKit would look for elsewhere", () => {
    expect(config({ Mirrors: ["https://mirror.example/hub/"] })).toBeUndefined();
  });

  it("has insecure registries, which speak HTTPS or HTTP", () => {
    const IndexConfigs = { "docker.io": { Secure: true }, "registry.corp:5000": { Secure: false } };
    expect(config({ IndexConfigs })).toBe(
      '[registry."registry.corp:5000"]\n  http = true\n  insecure = true\n',
    );
  });

  it("names the registries that are in an insecure network, and no others", () => {
    const engine = { InsecureRegistryCIDRs: ["::1/128", "10.0.0.0/9"] };
    const registries = ["10.127.0.1:5000", "10.128.0.1", "ghcr.io", "docker.io"];
    expect(config(engine, registries)).toBe(
      '[registry."10.127.0.1:5000"]\n  http = true\n  insecure = true\n',
    );
  });

  it("names those that are in an insecure network of IPv6", () => {
    const engine = { InsecureRegistryCIDRs: ["::1/128", "fd00:1::/32", "::ffff:10.0.0.0/104"] };
    const inside = ["[::1]:5000", "[FD00:1:2::3]", "[::ffff:a01:203]:5000"];
    const outside = ["[::2]:5000", "[fd00:2::1]", "[::ffff:11.0.0.1]", "10.0.0.1:5000"];
    const named = config(engine, [...inside, ...outside])?.match(/(?<=registry.").*(?=")/g);
    expect(named).toEqual(inside);
  });

  it("is none where the engine says nothing, or nothing that can be read", () => {
    expect(config({ IndexConfigs: { "docker.io": { Secure: true } } })).toBeUndefined();
    expect(buildkitdConfig("", [])).toBeUndefined();
    expect(config({ Mirrors: ["not a mirror", 7], IndexConfigs: [] })).toBeUndefined();
  });
});

it("buildx keeps what it knows where its variable, Docker's or the home folder says", () => {
  expect(buildxFolder({ BUILDX_CONFIG: "/b", DOCKER_CONFIG: "/d", HOME: "/h" })).toBe("/b");
  expect(buildxFolder({ DOCKER_CONFIG: "/d", HOME: "/h" })).toBe("/d/buildx");
  expect(buildxFolder({ HOME: "/h" })).toBe("/h/.docker/buildx");
});
