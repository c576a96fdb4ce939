import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FoundCredentials, findCredentials } from "../../src/sources/docker-credentials.ts";
import { openWorkshop } from "../tools/workshop.ts";

const ALICE = Buffer.from("alice:pass:word").toString("base64");
const AS_ALICE = {
  credentials: { kind: "password", username: "alice", password: "pass:word" },
};

/** What is found by somebody who has this file, and these helper programs. */
async function found(
  registry: string,
  config: object | string,
  programs: Readonly<Record<string, string>> = {},
): Promise<FoundCredentials & { readonly masked: string }> {
  await using workshop = await openWorkshop();
  const text = typeof config === "string" ? config : JSON.stringify(config);
  await workshop.host.files.writeText(join(workshop.outside, ".docker/config.json"), text);
  for (const [name, script] of Object.entries(programs)) await workshop.program(name, script);
  const credentials = await findCredentials(workshop.host, registry);
  return { ...credentials, masked: workshop.host.conceal("pass:word") };
}

describe("credentials in the file", () => {
  it.each([
    ["ghcr.io", { "ghcr.io": { auth: ALICE } }],
    ["ghcr.io", { "https://ghcr.io": { auth: ALICE } }],
    ["localhost:5000", { "http://localhost:5000/v2/": { auth: ALICE } }],
    ["docker.io", { "https://index.docker.io/v1/": { auth: ALICE } }],
  ])("are those of %s under %j, and are never shown", async (registry, auths) => {
    expect(await found(registry, { auths })).toEqual({ ...AS_ALICE, masked: "***" });
  });

  it("may be tokens", async () => {
    const auths = { a: { identitytoken: "t1", auth: ALICE }, b: { registrytoken: "t2" } };
    expect(await found("a", { auths })).toMatchObject({
      credentials: { kind: "refresh", token: "t1" },
    });
    expect(await found("b", { auths })).toMatchObject({
      credentials: { kind: "bearer", token: "t2" },
    });
  });

  it("are none where there are none", async () => {
    expect(await found("ghcr.io", { auths: { "quay.io": { auth: ALICE } } })).toEqual({
      masked: "pass:word",
    });
    expect(await found("ghcr.io", { auths: { "ghcr.io": {} } })).toEqual({ masked: "pass:word" });
  });

  it("are told to be of no use when they are", async () => {
    const { trouble } = await found("ghcr.io", "{");
    expect(trouble).toMatch(/^Docker's credentials cannot be used: /);
  });

  it("may lie where DOCKER_CONFIG says", async () => {
    await using workshop = await openWorkshop({ DOCKER_CONFIG: "/nowhere" });
    const config = JSON.stringify({ auths: { "ghcr.io": { auth: ALICE } } });
    await workshop.host.files.writeText(join(workshop.outside, ".docker/config.json"), config);
    expect(await findCredentials(workshop.host, "ghcr.io")).toEqual({});
  });
});

describe("credentials that a helper keeps", () => {
  const KEEPER = `read -r key
case "$1 $key" in
  "get ghcr.io") echo '{"ServerURL":"ghcr.io","Username":"alice","Secret":"pass:word"}' ;;
  "get https://index.docker.io/v1/") echo '{"Username":"<token>","Secret":"pass:word"}' ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac`;

  it("are asked for, whatever the file says besides", async () => {
    const config = { credsStore: "keeper", auths: { "ghcr.io": {} } };
    const programs = { "docker-credential-keeper": KEEPER };
    expect(await found("ghcr.io", config, programs)).toEqual({ ...AS_ALICE, masked: "***" });
    expect(await found("docker.io", config, programs)).toMatchObject({
      credentials: { kind: "refresh", token: "pass:word" },
    });
    expect(await found("quay.io", config, programs)).toEqual({ masked: "pass:word" });
  });

  it("are asked of the helper that is named for the registry", async () => {
    const config = { credsStore: "none", credHelpers: { "ghcr.io": "keeper" } };
    const programs = { "docker-credential-keeper": KEEPER };
    expect(await found("ghcr.io", config, programs)).toMatchObject(AS_ALICE);
  });

  it.each(["https://index.docker.io/v1/", "docker.io"])(
    "are asked of the helper that is named for Docker Hub as %s",
    async (key) => {
      const config = { credsStore: "none", credHelpers: { [key]: "keeper" } };
      const programs = { "docker-credential-keeper": KEEPER };
      expect(await found("docker.io", config, programs)).toMatchObject({
        credentials: { kind: "refresh", token: "pass:word" },
      });
    },
  );

  it("are missed when the helper is not there, fails, or is no name of a program", async () => {
    const broken = { "docker-credential-broken": "echo locked >&2; exit 1" };
    expect((await found("a", { credsStore: "broken" }, broken)).trouble).toBe(
      "docker-credential-broken failed: locked",
    );
    expect((await found("a", { credsStore: "gone" })).trouble).toMatch(/cannot start/);
    expect((await found("a", { credsStore: "../x" })).trouble).toBe(
      "docker-credential-../x is no name of a program.",
    );
  });
});
