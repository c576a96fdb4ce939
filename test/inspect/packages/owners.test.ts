import { describe, expect, it } from "vitest";
import type { LayerIndex } from "../../../src/inspect/layer/layer-index.ts";
import { ownersOf } from "../../../src/inspect/packages/owners.ts";
import { applyLayers } from "../../../src/inspect/tree/layers.ts";
import type { CraftedEntry } from "../../tar/tar-writer.ts";
import { craftIndex } from "../craft-index.ts";
import { zip } from "./zip-writer.ts";

const file = (path: string, content = path): CraftedEntry => ({ path, content });
const symlink = (path: string, linkTarget: string): CraftedEntry => ({
  path,
  type: "2",
  linkTarget,
});

const status = (...packages: readonly string[]): CraftedEntry =>
  file("var/lib/dpkg/status", packages.map(stanza).join("\n"));
const list = (name: string, ...paths: readonly string[]): CraftedEntry =>
  file(`var/lib/dpkg/info/${name}.list`, `/.\n${paths.join("\n")}\n`);
const npm = (folder: string, name: string, version: string): CraftedEntry =>
  file(`${folder}/package.json`, JSON.stringify({ name, version }));
const wheel = (folder: string, name: string, version: string): CraftedEntry =>
  file(`${folder}/${name}-${version}.dist-info/METADATA`, `Name: ${name}\nVersion: ${version}\n`);
const record = (folder: string, nameVersion: string, ...paths: readonly string[]): CraftedEntry =>
  file(`${folder}/${nameVersion}.dist-info/RECORD`, paths.map((path) => `${path},,\n`).join(""));

function stanza(nameVersion: string): string {
  const [name, version] = nameVersion.split(" ");
  return `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`;
}

/** The files of an image that a package owns, `path: type name version`, sorted by path. */
function owned(...layers: readonly LayerIndex[]): readonly string[] {
  const tree = applyLayers(layers);
  const owners = ownersOf(tree, layers);
  const told = new Set<string>();
  for (let at = 0; at < tree.files.length; at++) {
    const path = tree.files.paths.at(at);
    const owner = owners.packages[owners.ownerOf(path) ?? -1];
    if (owner === undefined) continue;
    told.add(`${tree.paths.textOf(path)}: ${owner.type} ${owner.name} ${owner.version}`.trim());
  }
  return [...told].sort();
}

describe("packages of a distribution", () => {
  it("own what they list", () => {
    const layer = craftIndex(
      status("curl 7.88.1", "tar 1.34"),
      list("curl", "/usr/bin/curl", "/usr/share/doc/curl/gone"),
      list("tar", "/bin/tar"),
      file("usr/bin/curl"),
      file("bin/tar"),
      file("usr/bin/mine"),
    );
    expect(owned(layer)).toEqual(["/bin/tar: deb tar 1.34", "/usr/bin/curl: deb curl 7.88.1"]);
  });

  it("own what they list under a folder that has moved into /usr", () => {
    const layer = craftIndex(
      status("libc6 2.36"),
      list("libc6:amd64", "/lib/x86_64/libc.so.6", "/sbin/ldconfig"),
      symlink("lib", "usr/lib"),
      symlink("sbin", "usr/sbin"),
      symlink("usr/sbin", "bin"),
      file("usr/lib/x86_64/libc.so.6"),
      file("usr/bin/ldconfig"),
    );
    expect(owned(layer)).toEqual([
      "/usr/bin/ldconfig: deb libc6 2.36",
      "/usr/lib/x86_64/libc.so.6: deb libc6 2.36",
    ]);
  });

  it("do not own what is in /usr by a list of a folder that is none of it", () => {
    const layer = craftIndex(status("a 1"), list("a", "/lib/x"), file("lib/x"), file("usr/lib/x"));
    expect(owned(layer)).toEqual(["/lib/x: deb a 1"]);
  });

  it("own, once upgraded, what both versions have, and the older one what it had alone", () => {
    const older = craftIndex(
      status("a 1", "b 1"),
      list("a", "/a", "/old"),
      list("b", "/b"),
      file("a"),
      file("old"),
      file("b"),
    );
    const newer = craftIndex(
      status("a 2", "b 1"),
      list("a", "/a"),
      file("a", "new"),
      file(".wh.old"),
    );
    expect(owned(older, newer)).toEqual(["/a: deb a 2", "/b: deb b 1", "/old: deb a 1"]);
  });

  it("own what they had before they were taken away", () => {
    const gone = craftIndex(status("b 1"), file(".wh.a"), file("var/lib/dpkg/info/.wh.a.list"));
    expect(owned(craftIndex(status("a 1"), list("a", "/a"), file("a")), gone)).toEqual([
      "/a: deb a 1",
    ]);
  });

  it("have no version when nothing tells it", () => {
    expect(owned(craftIndex(list("a", "/a"), file("a")))).toEqual(["/a: deb a"]);
  });

  it("may have the name of a shorter file", () => {
    const layer = craftIndex(
      file("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12\n"),
      file("var/lib/dpkg/status.d/base.md5sums", `${"0".repeat(32)}  etc/issue\n`),
      file("etc/issue"),
    );
    expect(owned(layer)).toEqual(["/etc/issue: deb base-files 12"]);
  });

  it("own packages of languages that they list", () => {
    const layer = craftIndex(
      status("python3-six 1.16.0-4", "node-ws 8.11"),
      list("python3-six", "/py/six.py", "/py/six-1.16.0.egg-info"),
      list("node-ws", "/lib/node_modules/ws/package.json", "/lib/node_modules/ws/index.js"),
      file("py/six.py"),
      file("py/six-1.16.0.egg-info", "Name: six\nVersion: 1.16.0\n"),
      npm("lib/node_modules/ws", "ws", "8.11.0"),
      file("lib/node_modules/ws/index.js"),
      file("lib/node_modules/ws/made.js"),
    );
    expect(owned(layer)).toEqual([
      "/lib/node_modules/ws/index.js: deb node-ws 8.11",
      "/lib/node_modules/ws/package.json: deb node-ws 8.11",
      "/py/six-1.16.0.egg-info: deb python3-six 1.16.0-4",
      "/py/six.py: deb python3-six 1.16.0-4",
    ]);
  });
});

describe("npm packages", () => {
  it("own their folder up to the packages in it", () => {
    const layer = craftIndex(
      npm("app/node_modules/a", "a", "1.0.0"),
      file("app/node_modules/a/lib/index.js"),
      file("app/node_modules/a/test/package.json", '{"name":"fixture","version":"0.0.0"}'),
      npm("app/node_modules/a/node_modules/b", "b", "2.0.0"),
      file("app/node_modules/a/node_modules/b/index.js"),
      file("app/node_modules/.package-lock.json"),
      file("app/index.js"),
    );
    expect(owned(layer)).toEqual([
      "/app/node_modules/a/lib/index.js: npm a 1.0.0",
      "/app/node_modules/a/node_modules/b/index.js: npm b 2.0.0",
      "/app/node_modules/a/node_modules/b/package.json: npm b 2.0.0",
      "/app/node_modules/a/package.json: npm a 1.0.0",
      "/app/node_modules/a/test/package.json: npm a 1.0.0",
    ]);
  });

  it("own what an older version left in their folder", () => {
    const older = craftIndex(npm("node_modules/a", "a", "1.0.0"), file("node_modules/a/old.js"));
    const newer = craftIndex(npm("node_modules/a", "a", "2.0.0"));
    expect(owned(older, newer)).toEqual([
      "/node_modules/a/old.js: npm a 2.0.0",
      "/node_modules/a/package.json: npm a 2.0.0",
    ]);
  });
});

describe("Python packages", () => {
  it("own what they record, wherever it is", () => {
    const layer = craftIndex(
      wheel("v/lib/site-packages", "flask", "3.0.3"),
      record(
        "v/lib/site-packages",
        "flask-3.0.3",
        "flask/app.py",
        "../../bin/flask",
        "flask-3.0.3.dist-info/METADATA",
      ),
      file("v/lib/site-packages/flask/app.py"),
      file("v/lib/site-packages/flask/made.pyc"),
      file("v/bin/flask"),
    );
    expect(owned(layer)).toEqual([
      "/v/bin/flask: pypi flask 3.0.3",
      "/v/lib/site-packages/flask-3.0.3.dist-info/METADATA: pypi flask 3.0.3",
      "/v/lib/site-packages/flask-3.0.3.dist-info/RECORD: pypi flask 3.0.3",
      "/v/lib/site-packages/flask/app.py: pypi flask 3.0.3",
    ]);
  });

  it("own other packages that they brought along", () => {
    const layer = craftIndex(
      wheel("s/setuptools/_vendor", "wheel", "0.43"),
      record("s/setuptools/_vendor", "wheel-0.43", "wheel/x.py"),
      file("s/setuptools/_vendor/wheel/x.py"),
      wheel("s", "setuptools", "75"),
      record(
        "s",
        "setuptools-75",
        "setuptools/_vendor/wheel-0.43.dist-info/METADATA",
        "setuptools/_vendor/wheel-0.43.dist-info/RECORD",
        "setuptools/_vendor/wheel/x.py",
        "tool.jar",
      ),
      file("s/tool.jar"),
    );
    expect(owned(layer)).toEqual([
      "/s/setuptools-75.dist-info/METADATA: pypi setuptools 75",
      "/s/setuptools-75.dist-info/RECORD: pypi setuptools 75",
      "/s/setuptools/_vendor/wheel-0.43.dist-info/METADATA: pypi setuptools 75",
      "/s/setuptools/_vendor/wheel-0.43.dist-info/RECORD: pypi setuptools 75",
      "/s/setuptools/_vendor/wheel/x.py: pypi setuptools 75",
      "/s/tool.jar: pypi setuptools 75",
    ]);
  });

  it("own what they share with an older version that was replaced", () => {
    const older = craftIndex(
      wheel("s", "a", "1"),
      record("s", "a-1", "a.py", "old.py"),
      file("s/a.py"),
      file("s/old.py"),
    );
    const newer = craftIndex(
      file("s/.wh.a-1.dist-info"),
      wheel("s", "a", "2"),
      record("s", "a-2", "a.py"),
      file("s/a.py", "2"),
    );
    expect(owned(older, newer)).toEqual([
      "/s/a-1.dist-info/METADATA: pypi a 1",
      "/s/a-1.dist-info/RECORD: pypi a 1",
      "/s/a-2.dist-info/METADATA: pypi a 2",
      "/s/a-2.dist-info/RECORD: pypi a 2",
      "/s/a.py: pypi a 2",
      "/s/old.py: pypi a 1",
    ]);
  });

  it("own nothing where only their record is left", () => {
    expect(owned(craftIndex(record("s", "a-1", "a.py"), file("s/a.py")))).toEqual([]);
  });
});

describe("programs and archives", () => {
  it("are packages where they are in none", () => {
    const layer = craftIndex({ path: "app/tool-1.jar", content: zip({}) });
    expect(owned(layer)).toEqual(["/app/tool-1.jar: maven tool 1"]);
  });

  it("belong to the package that brought them", () => {
    const layer = craftIndex(
      npm("node_modules/a", "a", "1.0.0"),
      { path: "node_modules/a/bin/tool-1.jar", content: zip({}) },
      status("b 1"),
      list("b", "/usr/share/java/b-1.jar"),
      { path: "usr/share/java/b-1.jar", content: zip({}) },
    );
    expect(owned(layer)).toEqual([
      "/node_modules/a/bin/tool-1.jar: npm a 1.0.0",
      "/node_modules/a/package.json: npm a 1.0.0",
      "/usr/share/java/b-1.jar: deb b 1",
    ]);
  });
});

it("makes no path of the image of what packages list", () => {
  const layer = craftIndex(status("a 1"), list("a", "/not/there", "/a"), file("a"));
  const tree = applyLayers([layer]);
  const before = tree.paths.count;
  ownersOf(tree, [layer]);
  expect(tree.paths.count).toBe(before);
});

it("tells a package once that is in several places", () => {
  const layer = craftIndex(
    npm("a/node_modules/x", "x", "1.0.0"),
    npm("b/node_modules/x", "x", "1.0.0"),
  );
  expect(ownersOf(applyLayers([layer]), [layer]).packages).toEqual([
    { type: "npm", name: "x", version: "1.0.0" },
  ]);
});
