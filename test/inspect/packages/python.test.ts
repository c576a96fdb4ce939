import { describe, expect, it } from "vitest";
import { say } from "./say.ts";

const SITE = "/usr/lib/python3/site-packages";

const METADATA = `Metadata-Version: 2.1
Name: Flask
Version: 3.0.3
License: Version: none

Name: a description
`;

describe("a wheel", () => {
  it("tells its name and version", () => {
    const folder = `${SITE}/flask-3.0.3.dist-info`;
    const files = [`${folder}/METADATA`];
    expect(say(`${folder}/METADATA`, METADATA)).toEqual([
      { type: "pypi", name: "Flask", version: "3.0.3", files, folder },
    ]);
  });

  it("may be written with Windows' line ends", () => {
    const said = say(`${SITE}/x.dist-info/METADATA`, METADATA.replaceAll("\n", "\r\n"));
    expect(said).toMatchObject([{ name: "Flask", version: "3.0.3" }]);
  });

  it("lists its files from the folder on that it is installed in", () => {
    const record = `flask/__init__.py,sha256=Z,2625
../../../bin/flask,sha256=Z,200
/etc/flask,,
flask/__pycache__/__init__.cpython-311.pyc,,
"flask/with, a comma and "" a quote.py",sha256=Z,1
`;
    expect(say(`${SITE}/flask-3.0.3.dist-info/RECORD`, record)).toEqual([
      {
        type: "pypi",
        files: [
          `${SITE}/flask/__init__.py`,
          `${SITE}/../../../bin/flask`,
          "/etc/flask",
          `${SITE}/flask/__pycache__/__init__.cpython-311.pyc`,
          `${SITE}/flask/with, a comma and " a quote.py`,
        ],
      },
    ]);
  });

  it("says nothing where it lacks a name", () => {
    expect(say(`${SITE}/x.dist-info/METADATA`, "Version: 1\n")).toEqual([]);
  });
});

describe("an egg", () => {
  it("may be a file beside its package", () => {
    const path = `${SITE}/six-1.16.0.egg-info`;
    expect(say(path, "Name: six\nVersion: 1.16.0\n")).toEqual([
      { type: "pypi", name: "six", version: "1.16.0", files: [path] },
    ]);
  });

  it("may be a folder beside its package", () => {
    const folder = `${SITE}/six.egg-info`;
    expect(say(`${folder}/PKG-INFO`, "Name: six\nVersion: 1.16.0\n")).toEqual([
      { type: "pypi", name: "six", version: "1.16.0", files: [`${folder}/PKG-INFO`], folder },
    ]);
  });

  it("may be a folder with all of its package", () => {
    const folder = `${SITE}/six-1.16.0-py3.11.egg`;
    const path = `${folder}/EGG-INFO/PKG-INFO`;
    expect(say(path, "Name: six\nVersion: 1.16.0\n")).toEqual([
      { type: "pypi", name: "six", version: "1.16.0", files: [path], folder },
    ]);
  });

  it("may be an archive", () => {
    const path = `${SITE}/six-1.16.0-py3.11.egg`;
    const said = [{ type: "pypi", name: "six", version: "1.16.0", files: [path] }];
    expect(say(path, "not looked at")).toEqual(said);
    expect(say("/srv/basket.egg", "")).toBeUndefined();
  });

  it("lists what was installed from its own folder on", () => {
    const folder = `${SITE}/six.egg-info`;
    const files = [`${folder}/../six.py`, `${folder}/PKG-INFO`];
    expect(say(`${folder}/installed-files.txt`, "../six.py\nPKG-INFO\n")).toEqual([
      { type: "pypi", files },
    ]);
  });

  it("lists its sources from the folder on that it is in", () => {
    const said = [{ type: "pypi", files: ["/app/setup.py", "/app/six/a.py"] }];
    expect(say("/app/six.egg-info/SOURCES.txt", "setup.py\nsix/a.py\n")).toEqual(said);
  });
});

it("does not take other files of these names for packages", () => {
  expect(say("/srv/METADATA", METADATA)).toBeUndefined();
  expect(say("/srv/RECORD", "")).toBeUndefined();
  expect(say("/srv/PKG-INFO", METADATA)).toBeUndefined();
  expect(say("/srv/SOURCES.txt", "")).toBeUndefined();
});
