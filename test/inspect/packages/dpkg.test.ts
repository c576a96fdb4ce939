import { describe, expect, it } from "vitest";
import { say } from "./say.ts";

const STATUS = `Package: libc6
Status: install ok installed
Multi-Arch: same
Version: 2.36-9+deb12u10
Description: GNU C Library: Shared libraries
 Contains the standard libraries.
 .
 Package: not a field

Package: gone
Status: deinstall ok config-files
Version: 1.0

Package: half
Status: install ok half-installed
Version: 1.0

Package: tzdata
Status: hold ok installed
Version: 2024a-0+deb12u1
`;

describe("dpkg's status", () => {
  it("names the packages that are installed", () => {
    expect(say("/var/lib/dpkg/status", STATUS)).toEqual([
      { type: "deb", name: "libc6", version: "2.36-9+deb12u10" },
      { type: "deb", name: "tzdata", version: "2024a-0+deb12u1" },
    ]);
  });

  it("is read where there is a file a package and no status of it", () => {
    const said = say("/var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4\n");
    expect(said).toEqual([{ type: "deb", name: "base-files", version: "12.4" }]);
  });

  it("means nothing elsewhere", () => {
    expect(say("/srv/var/lib/dpkg/status", STATUS)).toBeUndefined();
    expect(say("/var/lib/dpkg/status-old", STATUS)).toBeUndefined();
    expect(say("/var/lib/dpkg-extra/status", STATUS)).toBeUndefined();
  });
});

describe("dpkg's lists", () => {
  it("name the files of a package", () => {
    const said = say("/var/lib/dpkg/info/curl.list", "/.\n/usr\n/usr/bin/curl\n");
    expect(said).toEqual([{ type: "deb", name: "curl", files: ["/.", "/usr", "/usr/bin/curl"] }]);
  });

  it("are of the same package for every architecture", () => {
    const said = say("/var/lib/dpkg/info/libc6:amd64.list", "/lib/ld.so");
    expect(said).toEqual([{ type: "deb", name: "libc6", files: ["/lib/ld.so"] }]);
  });

  it("can be lists of sums", () => {
    const sums =
      "d41d8cd98f00b204e9800998ecf8427e  usr/share/a b\n900150983cd24fb0d6963f7d28e17f72  etc/x\n";
    expect(say("/var/lib/dpkg/status.d/netbase.md5sums", sums)).toEqual([
      { type: "deb", name: "netbase", files: ["usr/share/a b", "etc/x"] },
    ]);
  });

  it("leave out what is too long to be a path", () => {
    const said = say("/var/lib/dpkg/info/x.list", `/${"a".repeat(5000)}\n/b\n`, { piece: 4096 });
    expect(said?.[0]?.files).toEqual(["/b"]);
  });
});
