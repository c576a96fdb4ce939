// Inputs that name a place are shown in the log, the report and the comment. So they carry no
// credentials, and a value that may have some in it is not shown.
import { splitCsv } from "../csv.ts";
import { type Parsed, problem } from "./parsed.ts";
import { quoted } from "./wording.ts";

/** Whether there is something before an `@`, other than that of a digest at the end. */
export function mayHoldCredentials(text: string): boolean {
  return text.replace(/@[a-z0-9]+:[a-f0-9]{32,}$/, "").includes("@");
}

/**
 * Whether an address has a password, or a query, in which there may be a token. Over HTTP that of Git can
 * stand in place of the user.
 */
export function mayHoldSecret(address: string): boolean {
  const hasPassword = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*:[^/]*@|[^?]*\?)/i.test(address);
  return hasPassword || /^https?:\/\/[^/@]*@/i.test(address);
}

/** What is wrong with a place that has credentials in it. */
export function credentialsProblem(): Parsed<never> {
  return problem("it has a user or a password in it, and would be shown in the log");
}

/** What is wrong with a value: with `what`, it is quoted, unless there may be credentials in it. */
export function placeProblem(text: string, what: string): Parsed<never> {
  return mayHoldCredentials(text) ? credentialsProblem() : problem(`${quoted(text)} ${what}`);
}

/**
 * Options of BuildKit's caches that open something. They are taken as they are given, and what they
 * are set to is never shown. https://docs.docker.com/build/cache/backends/
 */
const SECRET_OPTIONS = ["secret_access_key", "session_token", "token", "ghtoken"];

/** What may not be shown of places of a cache, such as `type=s3,…,secret_access_key=…`. */
export function cachePlaceSecrets(places: readonly string[]): readonly string[] {
  return places
    .flatMap(splitCsv)
    .map((option) => option.split("="))
    .filter(([name = ""]) => SECRET_OPTIONS.includes(name.trim().toLowerCase()))
    .map(([, ...value]) => value.join("="));
}

/** What a query of an address is called that opens it: a token, or a part of a signature. */
const SECRET_QUERY =
  /token|secret|passw|sig(?:nature)?$|credential|api[-_]?key|auth|^x-amz-|^key$/i;

/** What may not be shown of addresses, such as `https://…?token=…`. */
export function addressSecrets(addresses: readonly string[]): readonly string[] {
  return addresses
    .filter((address) => URL.canParse(address))
    .flatMap((address) => [...new URL(address).searchParams])
    .flatMap(([name, value]) => (SECRET_QUERY.test(name) ? [value] : []));
}
