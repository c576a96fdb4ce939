import { describe, expect, it } from "vitest";
import { parseSources, writeSources } from "../../scripts/lab/debian-sources.ts";

describe("apt's sources", () => {
  it("are read from stanzas, the security archive beside the main one", () => {
    const text = `# comment
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;
    expect(parseSources([text], "bookworm")).toEqual({
      archive: {
        url: "http://mirror.example/debian",
        signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg",
      },
      security: { url: "http://mirror.example/debian-security", signedBy: undefined },
    });
  });

  it("are read from lines of the older format", () => {
    const text = `deb-src http://mirror.example/debian trixie main
deb [arch=amd64 signed-by=/etc/keys/debian.gpg] https://mirror.example/debian/ trixie main contrib
`;
    expect(parseSources([text], "trixie")).toEqual({
      archive: { url: "https://mirror.example/debian/", signedBy: "/etc/keys/debian.gpg" },
      security: undefined,
    });
  });

  it("leave out stanzas that are switched off", () => {
    const text = `Types: deb
URIs: http://off.example/debian
Suites: bookworm
Enabled: no
`;
    expect(parseSources([text], "bookworm")).toBeUndefined();
  });

  it("are none for another release", () => {
    const text = "deb http://mirror.example/ubuntu noble main\n";
    expect(parseSources([text], "bookworm")).toBeUndefined();
  });

  it("are written for other suites of the same archives", () => {
    const sources = {
      archive: { url: "http://mirror.example/debian", signedBy: "/k.gpg" },
      security: { url: "http://mirror.example/debian-security", signedBy: undefined },
    };
    expect(writeSources(sources, { archive: ["sid"] })).toBe(`Types: deb
URIs: http://mirror.example/debian
Suites: sid
Components: main
Signed-By: /k.gpg
`);
    expect(
      writeSources(sources, { archive: ["bookworm"], security: ["bookworm-security"] }),
    ).toContain(`
Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`);
  });
});
