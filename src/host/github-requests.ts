// One request to GitHub, tried as often as makes sense. Octokit knows how to ask; what an answer
// is worth, and whether asking again could do harm, is decided here.

import { messageOf } from "../errors.ts";
import { asRecord } from "../foreign-json.ts";
import type { Clock, Reply } from "./host.ts";

/** One request to GitHub's REST API. */
export interface ApiRequest {
  /** `GET /repos/{owner}/{repo}/issues/{issue_number}/comments`. */
  readonly route: string;
  /** Fills the route; what is left over is the query or the body. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /**
   * Whether it may be sent again when it is not known if GitHub took it the first time. What
   * GitHub turned away for sending too much is always sent again.
   */
  readonly repeatable: boolean;
}

/** A 2xx answer that was read to its end. */
export interface ApiAnswer<T> {
  readonly value: T;
  /** Whether the `Link` header names a next page. */
  readonly hasNextPage: boolean;
}

/** Sends a request; `parse` narrows the body and answers undefined when it is not whole. */
export type SendRequest = <T>(
  request: ApiRequest,
  parse: (body: unknown) => T | undefined,
) => Promise<Reply<ApiAnswer<T>>>;

/** All times in milliseconds. */
export interface RequestTimings {
  /** How long one try may take. */
  readonly request: number;
  /** Pauses between tries; one try more than there are pauses. */
  readonly pauses: readonly number[];
  /** Most that is waited, in all tries together, because GitHub asks for it. */
  readonly longestWait: number;
}

/**
 * Patient enough for a bad minute of GitHub, in milliseconds. It ends itself what takes it ten seconds;
 * the rest is for a large upload on a slow line.
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts
 */
export const REQUEST_TIMINGS: RequestTimings = {
  request: 20_000,
  pauses: [1_000, 3_000],
  longestWait: 60_000,
};

/** Where requests go, and on whose behalf. */
export interface RequestSettings {
  readonly token: string;
  /** `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly clock: Clock;
  /** Stops asking. */
  readonly signal: AbortSignal;
  readonly timings: RequestTimings;
  /** Default: one that heeds the proxy variables. */
  readonly fetch?: typeof globalThis.fetch;
}

type Octokit = ReturnType<typeof import("@actions/github").getOctokit>;

/** What came of one try. */
type Try<T> =
  | { readonly kind: "ok"; readonly answer: ApiAnswer<T> }
  | { readonly kind: "refused"; readonly status: number; readonly message: string }
  /** Turned away unseen; `after` is how long GitHub wants us to wait, if it says so. */
  | { readonly kind: "limited"; readonly after?: number; readonly refusal: Refusal }
  /** It may have been taken or not. `refusal` is there when GitHub at least answered. */
  | { readonly kind: "lost"; readonly message: string; readonly refusal?: Refusal };

type Refusal = Extract<Reply<never>, { kind: "refused" }>;

/** Requests with a token, to one GitHub. */
export function createSendRequest(settings: RequestSettings): SendRequest {
  const { clock, signal, timings } = settings;
  let connection: Promise<Octokit> | undefined;
  return async (request, parse) => {
    connection ??= connect(settings);
    const octokit = await connection;
    let waited = 0;
    for (let number = 0; ; number += 1) {
      const outcome = await tryOnce(octokit, request, parse, settings);
      if (outcome.kind === "ok") return { kind: "ok", value: outcome.answer };
      if (outcome.kind === "refused") return outcome;
      const pause = pauseAfter(outcome, timings.pauses[number], request);
      const isPatient = outcome.kind === "lost" || waited + (pause ?? 0) <= timings.longestWait;
      if (pause === undefined || !isPatient || signal.aborted) return lastWord(outcome);
      if (outcome.kind === "limited") waited += pause;
      await clock.sleep(pause);
    }
  };
}

/**
 * The package reads the runner's event and addresses while it is loaded, and throws where they do
 * not hold: it is loaded after they were looked at.
 */
async function connect({ token, apiUrl, fetch }: RequestSettings): Promise<Octokit> {
  // One bundle, one file.
  const { getOctokit } = await import(/* webpackMode: "eager" */ "@actions/github");
  return getOctokit(token, { baseUrl: apiUrl, ...(fetch && { request: { fetch } }) });
}

/** Undefined when there is to be no other try. */
function pauseAfter(
  outcome: Extract<Try<unknown>, { kind: "limited" | "lost" }>,
  pause: number | undefined,
  request: ApiRequest,
): number | undefined {
  if (pause === undefined) return undefined;
  if (outcome.kind === "limited") return Math.max(pause, outcome.after ?? 0);
  return request.repeatable ? pause : undefined;
}

function lastWord(outcome: Extract<Try<unknown>, { kind: "limited" | "lost" }>): Reply<never> {
  const { refusal } = outcome;
  if (refusal !== undefined) {
    const after = outcome.kind === "limited" ? outcome.after : undefined;
    const again = after === undefined ? "" : `; it can be asked again in ${inMinutes(after)}`;
    return { ...refusal, message: `${refusal.message}${again}` };
  }
  const message = outcome.kind === "lost" ? outcome.message : "GitHub asks to wait";
  return { kind: "unreachable", message };
}

/** `90 s`, or `37 min`. */
function inMinutes(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

async function tryOnce<T>(
  octokit: Octokit,
  { route, parameters }: ApiRequest,
  parse: (body: unknown) => T | undefined,
  settings: RequestSettings,
): Promise<Try<T>> {
  const seconds = settings.timings.request / 1000;
  const timeout = AbortSignal.timeout(settings.timings.request);
  const signal = AbortSignal.any([timeout, settings.signal]);
  try {
    const request = { signal, log: SILENT };
    const response = await octokit.request(route, { ...parameters, request });
    const value = parse(response.data);
    const hasNextPage = /rel="next"/.test(String(response.headers.link ?? ""));
    if (value !== undefined) return { kind: "ok", answer: { value, hasNextPage } };
    if (timeout.aborted) return { kind: "lost", message: `no whole answer within ${seconds} s` };
    return { kind: "lost", message: "the answer was not whole" };
  } catch (error) {
    if (settings.signal.aborted) return { kind: "lost", message: "the run was cancelled" };
    if (timeout.aborted) return { kind: "lost", message: `no answer within ${seconds} s` };
    return failedTry(error, settings.clock);
  }
}

/** Octokit would print the server's deprecation notices raw. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** What octokit throws: of a refusal the answer, of a broken connection only a message. */
interface OctokitError {
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function failedTry(error: unknown, clock: Clock): Try<never> {
  const answered = parseOctokitError(error);
  if (answered === undefined) return { kind: "lost", message: messageOf(error) };
  const { status, message } = answered;
  const refusal: Refusal = { kind: "refused", status, message };
  if (status >= 500) return { kind: "lost", message, refusal };
  if (!isRateLimit(answered)) return refusal;
  const after = askedToWait(answered, clock);
  return { kind: "limited", refusal, ...(after !== undefined && { after }) };
}

function parseOctokitError(error: unknown): OctokitError | undefined {
  if (!(error instanceof Error) || !("status" in error) || !("response" in error)) return undefined;
  const { status, response, message } = error;
  if (typeof status !== "number" || typeof response !== "object" || response === null) return;
  return { status, message, headers: asRecord(asRecord(response).headers) };
}

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function isRateLimit({ status, message, headers }: OctokitError): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers["retry-after"] !== undefined ||
    headers["x-ratelimit-remaining"] === "0" ||
    /secondary rate limit|rate limit exceeded|abuse detection/i.test(message)
  );
}

/** Milliseconds. `Retry-After` is in seconds; the reset of a used-up quota is a moment. */
function askedToWait({ headers }: OctokitError, clock: Clock): number | undefined {
  const after = Number.parseInt(String(headers["retry-after"]), 10);
  if (after >= 0) return after * 1000;
  const reset = Number.parseInt(String(headers["x-ratelimit-reset"]), 10);
  const isUsedUp = headers["x-ratelimit-remaining"] === "0";
  return isUsedUp && reset >= 0 ? Math.max(0, reset * 1000 - clock.now()) : undefined;
}
