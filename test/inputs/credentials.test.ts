import { expect, it } from "vitest";
import { cacheSecrets } from "../../src/inputs/credentials.ts";

it.each([
  ["type=s3,region=x,secret_access_key=a=b,session_token=c", ["a=b", "c"]],
  ['type=gha,"token=with, comma",scope=token', ["with, comma"]],
  ["type=registry,ref=ghcr.io/octo/cache:token", []],
  ["ghcr.io/octo/cache", []],
])("of %s is secret: %j", (place, secrets) => {
  expect(cacheSecrets([place])).toEqual(secrets);
});
