// How a registry lets one in: it says what it wants, a token mostly, and that is fetched with the
// user's credentials, or without any. https://distribution.github.io/distribution/spec/auth/token/

import { messageOf, ToolError } from "../errors.ts";
import { asRecord } from "../foreign-json.ts";
import type { Http, HttpResponse } from "../host/host.ts";
import { oneReason } from "../one-line.ts";
import type { Credentials } from "./docker-credentials.ts";
import { parseJson, smallText } from "./small-answers.ts";

/** What a registry wants of whoever asks. */
export type Challenge =
  | { readonly kind: "basic" }
  | {
      readonly kind: "token";
      /** Address that gives tokens. */
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** Reads `WWW-Authenticate`; undefined when it asks for nothing that is known here. */
export function parseChallenge(header: string): Challenge | undefined {
  const [, parameters] = /\bbearer\s+(.*)$/is.exec(header) ?? [];
  if (parameters !== undefined) {
    const values = new Map(
      [...parameters.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
        name.toLowerCase(),
        value,
      ]),
    );
    const realm = values.get("realm");
    if (realm !== undefined && URL.canParse(realm)) {
      return { kind: "token", realm, service: values.get("service"), scope: values.get("scope") };
    }
  }
  return /\bbasic\b/i.test(header) ? { kind: "basic" } : undefined;
}

/**
 * What to answer a challenge with, as the header `Authorization`; undefined when there is nothing.
 * @throws ToolError when tokens cannot be had, and when credentials would go over a line that
 * everybody can read
 */
export async function answerChallenge(
  http: Http,
  challenge: Challenge,
  credentials: Credentials | undefined,
  scope: string,
): Promise<string | undefined> {
  if (credentials?.kind === "bearer") return `Bearer ${credentials.token}`;
  if (challenge.kind === "basic") {
    return credentials?.kind === "password" ? basic(credentials) : undefined;
  }
  const realm = URL.parse(challenge.realm);
  if (realm === null) {
    const message = "The registry asks for tokens from what is no address";
    throw new ToolError(message, { command: "GET a token" });
  }
  if (realm.protocol !== "https:" && !isLoopback(realm.hostname)) {
    throw failed(realm, "it is not reached over HTTPS");
  }
  const wanted = { service: challenge.service, scope: challenge.scope ?? scope };
  const reply =
    credentials?.kind === "refresh"
      ? await http(realm.href, refreshRequest(wanted, credentials.token))
      : await http(withQuery(realm, wanted).href, {
          headers: credentials === undefined ? {} : { authorization: basic(credentials) },
        });
  if (reply.kind === "unreachable") throw failed(realm, reply.message);
  return await tokenIn(realm, reply);
}

/** Whether a host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

interface Wanted {
  readonly service: string | undefined;
  readonly scope: string;
}

function refreshRequest({ service, scope }: Wanted, token: string) {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: token,
    client_id: "weighbridge",
    scope,
    ...(service !== undefined && { service }),
  });
  return {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  } as const;
}

function withQuery(realm: URL, { service, scope }: Wanted): URL {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope);
  return url;
}

/** Undefined when the credentials are refused: the registry then says what that means. */
async function tokenIn(realm: URL, response: HttpResponse): Promise<string | undefined> {
  if (response.status === 401 || response.status === 403) {
    response.discard();
    return undefined;
  }
  const text = await smallText(response).catch((error: unknown) => {
    throw failed(realm, messageOf(error));
  });
  if (response.status !== 200) throw failed(realm, `${response.status} ${oneReason(text)}`);
  const { token, access_token: accessToken } = asRecord(parseJson(text));
  const given = token ?? accessToken;
  if (typeof given !== "string") throw failed(realm, "its answer has no token");
  return `Bearer ${given}`;
}

function basic({ username, password }: Extract<Credentials, { kind: "password" }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function failed(realm: URL, why: string): ToolError {
  return new ToolError(`${realm.host} gives no token: ${why}`, { command: `GET ${realm.href}` });
}
