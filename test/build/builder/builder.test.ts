import { describe, expect, it } from "vitest";
import { findBuilder, makeBuilder } from "../../../src/build/builder/builder.ts";
import { createLocalHost } from "../../../src/host/local-host.ts";
import { captured } from "../captured.ts";

const containerd = { DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] };

describe("what a builder can do", () => {
  it("is read of the docker driver with the containerd store", () => {
    const info = { ...containerd, ServerVersion: "28.5.2" };
    const builder = makeBuilder(undefined, captured("inspect-docker.txt"), info, "0.29.1");
    expect(builder).toEqual({
      name: undefined,
      driver: "docker",
      store: "containerd",
      reachesLoopback: true,
      writesCache: true,
      platform: "linux/amd64",
      versions: { docker: "28.5.2", buildx: "0.29.1" },
    });
  });

  it("is read of the docker driver with the graph store", () => {
    const info = { DriverStatus: [["Backing Filesystem", "extfs"]] };
    const text = captured("inspect-docker.txt");
    const { store, writesCache } = makeBuilder(undefined, text, info, undefined);
    expect([store, writesCache]).toEqual(["graph", false]);
  });

  it("is read of a container on the host's network", () => {
    const text = captured("inspect-container.txt");
    const builder = makeBuilder("lab", text, {}, undefined);
    expect(builder).toMatchObject({ driver: "docker-container", reachesLoopback: true });
    expect(builder.versions).toEqual({ buildkit: "0.33.0" });
  });

  it("does not hold a container on a network of its own for able to reach us", () => {
    const text = captured("inspect-container.txt").replace('network="host"', 'network="bridge"');
    expect(makeBuilder("lab", text, {}, undefined).reachesLoopback).toBe(false);
  });

  it.each([
    ["tcp://build.example:2376", false],
    ["ssh://me@build.example", false],
    ["tcp://localhost:2375", true],
    ["unix:///var/run/docker.sock", true],
  ])("holds an engine at %s for able to reach us: %s", (endpoint, expected) => {
    const text = captured("inspect-container.txt").replace(
      /^Endpoint:.*$/m,
      `Endpoint: ${endpoint}`,
    );
    expect(makeBuilder("lab", text, {}, undefined).reachesLoopback).toBe(expected);
  });

  it("does not hold an engine in a virtual machine for able to reach us", () => {
    const info = { ...containerd, OperatingSystem: "Docker Desktop" };
    const text = captured("inspect-docker.txt");
    expect(makeBuilder(undefined, text, info, undefined).reachesLoopback).toBe(false);
  });
});

describe("the platform that a builder builds for when nobody says", () => {
  const platformOf = (line: string) =>
    makeBuilder(undefined, `Driver: remote\n${line}`, {}, undefined).platform;

  it("is the first that it lists, its machine's own", () => {
    expect(platformOf("Platforms: linux/arm64*, linux/amd64, linux/386")).toBe("linux/arm64");
  });

  it("is unknown where it lists none", () => {
    expect(platformOf("")).toBeUndefined();
  });
});

describe("a builder that is not there", () => {
  it("is a problem that says what docker is missing", async () => {
    using host = createLocalHost({ env: { PATH: "/nowhere" } });
    const search = await findBuilder(host, undefined);
    expect(search.kind).toBe("problem");
    expect(JSON.stringify(search)).toContain("cannot start docker");
  });
});
