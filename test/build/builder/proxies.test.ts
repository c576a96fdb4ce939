import { describe, expect, it } from "vitest";
import { findProxies, proxySecrets, withoutUsers } from "../../../src/build/builder/proxies.ts";
import { builderEngine } from "../engine-with-builders.ts";

const PROXY = "http://proxy.example:3128";
const REGISTRIES = ["docker.io", "registry.corp:5000"];

async function found(info: object, env: Readonly<Record<string, string>> = {}) {
  return await findProxies(builderEngine({ info, env }).host, REGISTRIES);
}

async function variables(info: object, env: Readonly<Record<string, string>> = {}) {
  const search = await found(info, env);
  if (search.kind === "problem") throw new Error(search.what);
  return search.variables;
}

describe("the proxies of a builder of our own", () => {
  const ENGINE = { HttpProxy: PROXY, HttpsProxy: `${PROXY}/s`, NoProxy: "10.0.0.0/8,.corp" };
  const OURS = { HTTP_PROXY: "http://other.example:80", https_proxy: PROXY, no_proxy: "a,.corp" };

  it("are the engine's, whatever ours are", async () => {
    for (const env of [{}, OURS]) {
      expect(await variables(ENGINE, env)).toEqual({
        HTTP_PROXY: PROXY,
        HTTPS_PROXY: `${PROXY}/s`,
        NO_PROXY: "10.0.0.0/8,.corp",
      });
    }
  });

  it("are those that there are", async () => {
    expect(await variables({ ...ENGINE, HttpProxy: "", NoProxy: "" })).toEqual({
      HTTPS_PROXY: `${PROXY}/s`,
    });
    expect(await variables({ HttpProxy: "", HttpsProxy: "", NoProxy: "a" })).toEqual({});
  });

  it("are ours where it has none, but for what it then reaches without one", async () => {
    const RegistryConfig = { Mirrors: ["https://mirror.example/"] };
    const engine = { HttpProxy: "", HttpsProxy: "", NoProxy: "", RegistryConfig };
    expect(await variables(engine, OURS)).toEqual({
      HTTP_PROXY: "http://other.example:80",
      HTTPS_PROXY: PROXY,
      NO_PROXY: "a,.corp,docker.io,registry.corp:5000,mirror.example",
    });
    expect(await variables({}, { HTTP_PROXY: PROXY, http_proxy: "http://small.example" })).toEqual({
      HTTP_PROXY: PROXY,
      NO_PROXY: REGISTRIES.join(","),
    });
  });

  it("are none where the engine's way out is another one than ours", async () => {
    const far = { ...OURS, DOCKER_HOST: "tcp://build.example:2376" };
    expect(await variables({}, far)).toEqual({});
    const desktop = { ...ENGINE, OperatingSystem: "Docker Desktop" };
    expect(await variables(desktop, OURS)).toEqual({});
  });
});

describe("the password of an engine's proxy, which it does not tell,", () => {
  const concealed = "http://xxxxx:xxxxx@proxy.example:3128";
  const known = "http://me:hunter2@proxy.example:3128";

  it("is that of ours where it is the same proxy", async () => {
    const engine = { HttpProxy: concealed, HttpsProxy: concealed };
    expect(await variables(engine, { https_proxy: known })).toEqual({
      HTTP_PROXY: known,
      HTTPS_PROXY: known,
    });
  });

  it("is not known else, and a builder would reach nothing", async () => {
    for (const proxy of ["http://me:hunter2@other.example:3128", PROXY]) {
      expect(await found({ HttpsProxy: concealed }, { HTTP_PROXY: proxy })).toEqual({
        kind: "problem",
        what: `the engine reaches registries by "${PROXY}", with a password that it does not tell`,
      });
    }
  });
});

describe("what opens a proxy", () => {
  const opened = {
    HTTP_PROXY: "http://me:hunter%202:3@proxy.example:3128",
    HTTPS_PROXY: "me@proxy.example",
    NO_PROXY: "a,b",
  };

  it("is never shown", () => {
    expect(proxySecrets(opened)).toEqual(["me:hunter%202:3", "hunter%202:3", "hunter 2:3"]);
    const token = "0123456789abcdef";
    expect(proxySecrets({ HTTP_PROXY: `http://${token}@proxy.example` })).toContain(token);
    expect(proxySecrets({ HTTP_PROXY: "http://me:50%@proxy.example" })).toContain("50%");
  });

  it("is left out of whatever tells where it is", () => {
    expect(withoutUsers(opened)).toEqual({
      HTTP_PROXY: PROXY,
      HTTPS_PROXY: "proxy.example",
      NO_PROXY: "a,b",
    });
  });
});
