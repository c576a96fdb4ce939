import { describe, expect, it } from "vitest";
import { say } from "./say.ts";

const INSTALLED = `C:Q1/2FWvsKVDGaLSs0wTW3NR3bGLpg=
P:musl
V:1.2.5-r0
A:x86_64
S:408237
I:667648
T:the musl c library (libc) implementation
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1WMc0fQhDCTYGxZtBGDxSM4m+ezQ=
R:libc.musl-x86_64.so.1
a:0:0:777
F:
R:at the root
F:usr
F:usr/bin

P:alpine-baselayout-data
V:3.6.5-r0
F:etc
R:fstab
Z:Q11Q7hNe8QpDS531guqCdrXBzoA/o=

`;

describe("apk's database", () => {
  it("names packages with their files", () => {
    expect(say("/lib/apk/db/installed", INSTALLED)).toEqual([
      {
        type: "apk",
        name: "musl",
        version: "1.2.5-r0",
        files: ["lib/ld-musl-x86_64.so.1", "lib/libc.musl-x86_64.so.1", "/at the root"],
      },
      {
        type: "apk",
        name: "alpine-baselayout-data",
        version: "3.6.5-r0",
        files: ["etc/fstab"],
      },
    ]);
  });

  it("is found where newer versions have it", () => {
    expect(say("/usr/lib/apk/db/installed", INSTALLED)).toHaveLength(2);
  });

  it("says what it can when it ends too early", () => {
    const said = say("/lib/apk/db/installed", INSTALLED.slice(0, INSTALLED.indexOf("Z:Q11Q")));
    expect(said?.map(({ name }) => name)).toEqual(["musl", "alpine-baselayout-data"]);
  });

  it("means nothing elsewhere", () => {
    expect(say("/srv/installed", INSTALLED)).toBeUndefined();
  });
});
