import { expect, it } from "vitest";
import { addressSecrets, cachePlaceSecrets, mayHoldSecret } from "../../src/inputs/credentials.ts";

it.each([
  ["type=s3,region=x,secret_access_key=a=b,session_token=c", ["a=b", "c"]],
  ['type=gha,"token=with, comma",scope=token', ["with, comma"]],
  ["type=registry,ref=ghcr.io/octo/cache:token", []],
  ["ghcr.io/octo/cache", []],
])("of %s is secret: %j", (place, secrets) => {
  expect(cachePlaceSecrets([place])).toEqual(secrets);
});

it("of addresses what a query has for a token or a signature is secret", () => {
  const contexts = [
    "https://a.example/x.tgz?token=abcd&X-Amz-Signature=e%20f&sig=g",
    "https://a.example/lib.git?branch=main&subdir=production",
    "docker-image://busybox",
    "../lib",
  ];
  expect(addressSecrets(contexts)).toEqual(["abcd", "e f", "g"]);
});

it.each([
  ["https://me:word@example.com/a.git", true],
  ["https://example.com/a.tgz?token=x", true],
  ["ssh://git@example.com/a.git", false],
  ["https://example.com/a.git#main", false],
])("%s may hold a secret: %j", (address, isSecret) => {
  expect(mayHoldSecret(address)).toBe(isSecret);
});
