import type { IncomingMessage } from "node:http";
import { addAbortSignal } from "node:stream";
import { HttpClient } from "@actions/http-client";
import { messageOf } from "../errors.ts";
import type { Http, HttpResponse } from "./host.ts";

/** After this long without a byte, the other side is taken for gone. */
const SILENCE_MILLISECONDS = 60_000;

/** Requests over HTTP and HTTPS, through the proxies that the environment names. */
export function createHttp(signal: AbortSignal): Http {
  return async (url, { method = "GET", headers = {}, body } = {}) => {
    if (signal.aborted) return CANCELLED;
    const client = new HttpClient("weighbridge", [], {
      socketTimeout: SILENCE_MILLISECONDS,
      allowRedirects: false,
      allowRetries: true,
      maxRetries: 2,
    });
    const cancelled = whenAborted(signal);
    try {
      const asked = client.request(method, url, body ?? null, { ...headers });
      const answer = await Promise.race([asked, cancelled.happened]);
      if (answer === undefined) {
        // Whatever may still come of it, nobody waits for.
        asked.then(({ message }) => message.destroy()).catch(() => {});
        client.dispose();
        return CANCELLED;
      }
      return { kind: "answered", ...responseOf(addAbortSignal(signal, answer.message)) };
    } catch (error) {
      return { kind: "unreachable", message: messageOf(error) };
    } finally {
      cancelled.forget();
    }
  };
}

const CANCELLED = { kind: "unreachable", message: "it was cancelled" } as const;

/** The client takes no signal, so it is waited for both. */
function whenAborted(signal: AbortSignal) {
  const { promise: happened, resolve } = Promise.withResolvers<undefined>();
  const onAbort = () => resolve(undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  return { happened, forget: () => signal.removeEventListener("abort", onAbort) };
}

function responseOf(message: IncomingMessage): HttpResponse {
  const headers = Object.entries(message.headers).map(
    ([name, value]) => [name, [value].flat().join(", ")] as const,
  );
  // It may break before anybody reads it: whoever then does is told.
  message.on("error", () => {});
  return {
    status: message.statusCode ?? 0,
    headers: new Map(headers),
    body: message,
    discard: () => void message.destroy(),
  };
}
