import { describe, expect, it } from "vitest";
import { answerChallenge, isLoopback, parseChallenge } from "../../src/sources/registry-access.ts";

const NOBODY = { kind: "unreachable", message: "nobody was to be asked" } as const;

describe("what a registry wants", () => {
  it.each([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"',
      {
        kind: "token",
        realm: "https://auth.docker.io/token",
        service: "registry.docker.io",
        scope: "repository:library/nginx:pull",
      },
    ],
    [
      'bearer Realm="https://ghcr.io/token" , error="invalid_token"',
      { kind: "token", realm: "https://ghcr.io/token", service: undefined, scope: undefined },
    ],
    ['Basic realm="Sonatype Nexus"', { kind: "basic" }],
    [
      'Basic realm="x", Bearer realm="https://example.com/t",service="a b"',
      { kind: "token", realm: "https://example.com/t", service: "a b", scope: undefined },
    ],
  ])("is read: %s", (header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge);
  });

  it.each(["", "Negotiate", 'Bearer service="x"', 'Bearer realm="nowhere"'])(
    "is nothing that is known: %j",
    (header) => {
      expect(parseChallenge(header)).toBeUndefined();
    },
  );

  it("is never told over a line that everybody can read", async () => {
    const challenge = {
      kind: "token",
      realm: "http://registry.example.com/token",
      service: undefined,
      scope: undefined,
    } as const;
    const password = { kind: "password", username: "me", password: "secret" } as const;
    const answer = answerChallenge(async () => NOBODY, challenge, password, "repository:x:pull");
    await expect(answer).rejects.toThrow(
      "registry.example.com gives no token: it is not reached over HTTPS",
    );
  });
});

describe("this machine", () => {
  it.each(["localhost", "127.0.0.1", "127.8.0.1", "[::1]"])("is %s", (hostname) => {
    expect(isLoopback(hostname)).toBe(true);
  });

  it.each(["localhost.example.com", "127.0.0.1.nip.io", "10.0.0.1", "::2"])(
    "is not %s",
    (hostname) => {
      expect(isLoopback(hostname)).toBe(false);
    },
  );
});
