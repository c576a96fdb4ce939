// The token that a runner gives to a job for the cache service: a JSON web token whose claim `ac`
// lists the scopes that the job may read and write.
// https://github.com/tonistiigi/go-actions-cache/blob/master/api.md

import { createHmac } from "node:crypto";
import { isObject, listOf, member, numberOf, textOf } from "../github/json.ts";

/** A branch or a merge of a pull request, and what may be done with its entries. */
export interface Scope {
  /** `refs/heads/main`, `refs/pull/7/merge`. */
  readonly ref: string;
  readonly may: "read" | "write";
}

const BITS = { read: 1, write: 3 } as const;
const WRITE = 2;

/** Makes a token for a job of the next hours. */
export function makeToken(key: string, scopes: readonly Scope[]): string {
  const now = Math.floor(Date.now() / 1000);
  const ac = scopes.map(({ ref, may }) => ({ Scope: ref, Permission: BITS[may] }));
  const claims = {
    ac: JSON.stringify(ac),
    acsl: "10",
    aud: "vso:00000000-0000-0000-0000-000000000000",
    exp: now + 6 * 3600,
    iat: now,
    iss: "vstoken.actions.githubusercontent.com",
    nbf: now - 300,
    scp: "Actions.Results:00000000:00000000",
  };
  const text = [{ alg: "HS256", typ: "JWT" }, claims].map(encode).join(".");
  return `${text}.${sign(key, text)}`;
}

/** The scopes of a token; undefined when it is not one of ours, or not of now. */
export function readToken(key: string, token: string): readonly Scope[] | undefined {
  const [head = "", body = "", signature] = token.split(".");
  if (signature !== sign(key, `${head}.${body}`)) return undefined;
  const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString());
  const now = Date.now() / 1000;
  const [from = Infinity, until = 0] = ["nbf", "exp"].map((name) => numberOf(member(claims, name)));
  if (now < from || now > until) return undefined;
  return listOf(JSON.parse(textOf(member(claims, "ac")) ?? "[]")).flatMap((scope) => {
    if (!isObject(scope)) return [];
    const may = (Number(scope.Permission) & WRITE) === 0 ? "read" : "write";
    return [{ ref: String(scope.Scope), may } as const];
  });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function sign(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}
