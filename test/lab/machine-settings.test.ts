import { describe, expect, it } from "vitest";
import {
  aptConfiguration,
  npmConfiguration,
  pipConfiguration,
} from "../../scripts/lab/machine-settings.ts";

describe("the machine's settings for package clients", () => {
  it("are nothing for pip where the machine has nothing of its own", () => {
    expect(pipConfiguration(":env:.default-timeout='180'", false)).toBeUndefined();
    expect(pipConfiguration(undefined, false)).toBeUndefined();
  });

  it("carry pip's index, and the bundle where the machine trusts certificates of its own", () => {
    const list = "global.index-url='https://index.example/simple'\nglobal.cert='/etc/own.pem'";
    expect(pipConfiguration(list, true)).toBe(`[global]
index-url = https://index.example/simple
cert = /etc/ssl/certs/ca-certificates.crt
`);
  });

  it("are nothing for npm on the usual registry", () => {
    expect(npmConfiguration("https://registry.npmjs.org/", false)).toBeUndefined();
  });

  it("carry npm's registry and the bundle", () => {
    expect(npmConfiguration("https://npm.example/", true)).toBe(`registry=https://npm.example/
cafile=/etc/ssl/certs/ca-certificates.crt
`);
  });

  it("carry what lets apt accept the archive, and nothing else of its configuration", () => {
    const dump = `APT::Architecture "amd64";
Acquire::Check-Valid-Until "false";
Acquire::http::Proxy "http://proxy.example:3128";
Acquire::https::Proxy "";
Acquire::Languages "none";
`;
    expect(aptConfiguration(dump)).toBe(`Acquire::Check-Valid-Until "false";
Acquire::http::Proxy "http://proxy.example:3128";
`);
    expect(aptConfiguration("")).toBeUndefined();
  });
});
