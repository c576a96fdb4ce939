import { describe, expect, it } from "vitest";
import type { PackageWeight } from "../../src/inspect/boxes.ts";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { debianSavings } from "../../src/inspect/savings/debian-packages.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { craftIndex } from "./craft-index.ts";
import { file, whiteout } from "./entries.ts";

/** Packages, and what each requires; those with a star nobody asked for. */
function layerWith(packages: Readonly<Record<string, string>>) {
  const names = Object.keys(packages);
  const status = names.map((name) =>
    [
      `Package: ${name.replace("*", "")}`,
      "Status: install ok installed",
      "Version: 1",
      packages[name],
      "",
    ].join("\n"),
  );
  const automatic = names
    .filter((name) => name.startsWith("*"))
    .map((name) => `Package: ${name.slice(1)}\nArchitecture: amd64\nAuto-Installed: 1\n`);
  return craftIndex(
    { path: "var/lib/dpkg/status", content: status.join("\n") },
    { path: "var/lib/apt/extended_states", content: automatic.join("\n") },
  );
}

/** A megabyte each, in layer 3. */
function weights(...names: readonly string[]): readonly PackageWeight[] {
  return names.map((name) => ({ type: "deb", name, version: "1", bytes: 1_000_000, layer: 3 }));
}

function savingsOf(layers: readonly LayerIndex[], all: readonly PackageWeight[]) {
  return debianSavings(applyLayers(layers), layers, all);
}

const GIT = {
  git: "Depends: libc6 (>= 2.34), git-man (>> 1:2.39), libcurl | curl-any",
  "*git-man": "Architecture: all",
  "*libc6": "Depends: libgcc-s1",
  "*libgcc-s1": "Priority: optional",
  "*libcurl3": "Provides: libcurl (= 7)",
  "*less": "Depends: libtinfo6:any",
  "*libtinfo6": "Priority: optional",
};

describe("what apt installed", () => {
  it("is only recommended where nothing that was asked for requires it", () => {
    const all = weights("git", "git-man", "libc6", "libgcc-s1", "libcurl3", "less", "libtinfo6");
    expect(savingsOf([layerWith(GIT)], all)).toEqual([
      {
        rule: "recommended-packages",
        subject: "less, libtinfo6",
        bytes: 2_000_000,
        files: 2,
        layer: 3,
        paths: [],
      },
    ]);
  });

  it("is to be named all the same where hardly anything works without it", () => {
    const packages = {
      curl: "Recommends: ca-certificates",
      "*ca-certificates": "Depends: openssl",
      "*openssl": "Priority: optional",
      "*publicsuffix": "Priority: optional",
    };
    const all = weights("curl", "ca-certificates", "openssl", "publicsuffix");
    expect(savingsOf([layerWith(packages)], all)).toMatchObject([
      { subject: "publicsuffix", bytes: 1_000_000, neededPackages: ["ca-certificates"] },
    ]);
    const asked = { ...packages, nginx: "Depends: ca-certificates" };
    expect(savingsOf([layerWith(asked)], all)[0]).not.toHaveProperty("neededPackages");
  });

  it("counts with what dpkg has on it in the same layer", () => {
    const info = "var/lib/dpkg/info";
    const layer = layerWith(GIT);
    const files = craftIndex(
      { path: `${info}/less.list`, content: "x".repeat(100) },
      { path: `${info}/less-more.list`, content: "x".repeat(1_000) },
      { path: `${info}/git.list`, content: "x".repeat(2_000) },
      { path: `${info}/libtinfo6:amd64.postinst`, content: "x".repeat(10) },
    );
    const later = craftIndex({ path: `${info}/less.md5sums`, content: "x".repeat(5_000) });
    const packages = weights("git", "less", "libtinfo6");
    const ofLayer = packages.map((each) => ({ ...each, layer: 1 }));
    expect(savingsOf([layer, files, later], ofLayer)).toMatchObject([{ bytes: 2_000_110 }]);
  });

  it.each([
    ["less.templates", 400],
    ["less:amd64.templates", 400],
    ["git.templates", 0],
    ["less.postinst", 0],
  ])("counts with what debconf wrote if none but those ask something: %s", (asking, bytes) => {
    const info = "var/lib/dpkg/info";
    const debconf = "var/cache/debconf";
    const layer = craftIndex(
      file(`${debconf}/templates.dat`, 300),
      file(`${debconf}/config.dat-old`, 100),
      file(`${debconf}/other`, 10_000),
      file(`${info}/${asking}`, 5),
    );
    const own = weights("git", "less").map((one) => ({ ...one, layer: 1 }));
    const [saving] = savingsOf([layerWith(GIT), layer], own);
    const ofLess = asking.startsWith("less") ? 5 : 0;
    expect(saving?.bytes).toBe(1_000_000 + ofLess + bytes);
    const removed = craftIndex(whiteout(`${info}/${asking}`));
    expect(savingsOf([layerWith(GIT), layer, removed], own)[0]?.bytes).toBe(1_000_000);
  });

  it("is for building where only compilers require it, they included", () => {
    const packages = {
      "gcc-12": "Depends: cpp-12, libmpc3, libc6",
      "*cpp-12": "Depends: libmpc3",
      "*libmpc3": "Priority: optional",
      "*libc6": "Priority: optional",
      bash: "Pre-Depends: libc6",
    };
    const all = weights("gcc-12", "cpp-12", "libmpc3", "libc6", "bash");
    expect(savingsOf([layerWith(packages)], all)).toMatchObject([
      { rule: "build-tools", subject: "gcc-12, cpp-12, libmpc3", bytes: 3_000_000 },
    ]);
  });

  it("is not for building where something else requires the compiler", () => {
    const packages = { gcc: "Priority: optional", dkms: "Depends: gcc" };
    expect(savingsOf([layerWith(packages)], weights("gcc", "dkms"))).toEqual([]);
  });

  it("is what the last list of packages says", () => {
    const later = layerWith({ ...GIT, less: "Depends: libtinfo6", "*less": "Priority: optional" });
    const stays = layerWith({ git: "Depends: less", less: "Architecture: any" });
    expect(savingsOf([later, stays], weights("git", "less"))).toEqual([]);
  });

  it.each([
    ["says that somebody has", "Package: less\nAuto-Installed: 0\n"],
    ["says nothing any more", ""],
  ])("is what somebody asked for since, where apt's own list %s", (_, content) => {
    const asked = craftIndex({ path: "var/lib/apt/extended_states", content });
    expect(savingsOf([layerWith(GIT), asked], weights("git", "less"))).toEqual([]);
  });

  it("is what apt's own list said last, where that is deleted", () => {
    const deleted = craftIndex({ path: "var/lib/.wh.apt" });
    expect(savingsOf([layerWith(GIT), deleted], weights("git", "less"))).toMatchObject([
      { rule: "recommended-packages", subject: "less" },
    ]);
  });

  it("is nothing where no list of packages says what they require", () => {
    expect(savingsOf([craftIndex()], weights("gcc"))).toEqual([]);
  });
});
