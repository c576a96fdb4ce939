import type { IncomingMessage } from "node:http";
import { addAbortSignal } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { HttpClient } from "@actions/http-client";
import { messageOf } from "../errors.ts";
import type { Download, DownloadedFile, Files, Reply } from "./host.ts";

/** What the downloads of a host depend on. */
export interface DownloadSettings {
  readonly files: Pick<Files, "writeStream">;
  /** Stops every download that was not given a signal of its own. */
  readonly signal: AbortSignal;
  /** After this long without a byte, the other side is taken for gone. Default: 30 seconds. */
  readonly silenceMilliseconds?: number;
  /** After this long the other side is too slow. Default: 15 minutes. */
  readonly longestMilliseconds?: number;
  /** Before the second try; twice that before the third. Default: 2 seconds. */
  readonly pauseMilliseconds?: number;
}

const TRIES = 3;

/** Who asks us to wait for longer is not waited for. */
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/** What may be otherwise at the next try. */
const TEMPORARY: readonly number[] = [408, 429, 500, 502, 503, 504];

/** An archive of 60 MB comes at 70 KB/s: whoever is slower sends one byte after another. */
const LONGEST_MILLISECONDS = 15 * 60_000;

/** No file that is fetched comes near it: what is larger is not that file, and fills the disk. */
const MOST_BYTES = 1_000_000_000;

/** Downloads over HTTP and HTTPS, through the proxies that the environment names. */
export function createDownload(settings: DownloadSettings): Download {
  const { pauseMilliseconds = 2000 } = settings;
  return async (url, path, options = {}) => {
    // One of our own, so that nothing stays attached to a signal that outlives the download.
    const signal = AbortSignal.any([options.signal ?? settings.signal]);
    for (let tries = 1; ; tries += 1) {
      const { reply, retry } = await tryOnce(settings, url, path, signal);
      if (retry.kind === "never" || tries === TRIES) return reply;
      const wait = retry.milliseconds ?? pauseMilliseconds * tries;
      if (wait > LONGEST_PAUSE_MILLISECONDS) return reply;
      // Aborted is the only way that a pause fails; the next try then says so.
      await pause(wait, undefined, { signal }).catch(() => {});
    }
  };
}

/** Whether there is to be another try, and in how long, if the server says that. */
type Retry =
  | { readonly kind: "never" }
  | { readonly kind: "after"; readonly milliseconds: number | undefined };

interface Outcome {
  readonly reply: Reply<DownloadedFile>;
  readonly retry: Retry;
}

const NEVER: Retry = { kind: "never" };

async function tryOnce(
  settings: DownloadSettings,
  url: string,
  path: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const silence = startSilence(settings.silenceMilliseconds ?? 30_000);
  const tooSlow = startLimit(settings.longestMilliseconds ?? LONGEST_MILLISECONDS);
  const client = new HttpClient("weighbridge", [], { allowRedirects: false });
  try {
    const answer = follow(client, url);
    const message = await Promise.race([answer, abortOf(signal), silence.tooLong]);
    const { statusCode = 0, statusMessage = "" } = message;
    if (statusCode === 200) {
      tooSlow.reached.catch((error) => message.destroy(error));
      const value = await save(settings.files, path, addAbortSignal(signal, message), silence);
      return { reply: { kind: "ok", value }, retry: NEVER };
    }
    message.destroy();
    const reply = { kind: "refused", status: statusCode, message: statusMessage } as const;
    return { reply, retry: retryOf(message) };
  } catch (error) {
    const reply = { kind: "unreachable", message: messageOf(error) } as const;
    const isOver = signal.aborted || error instanceof FinalError;
    return { reply, retry: isOver ? NEVER : { kind: "after", milliseconds: undefined } };
  } finally {
    silence[Symbol.dispose]();
    tooSlow[Symbol.dispose]();
    client.dispose();
  }
}

/** It would be the same at the next try. */
class FinalError extends Error {}

/** https://www.rfc-editor.org/rfc/rfc9110#name-retry-after: seconds, or the time to wait for. */
function retryOf({ statusCode = 0, headers }: IncomingMessage): Retry {
  const header = headers["retry-after"];
  if (header === undefined) {
    return TEMPORARY.includes(statusCode) ? { kind: "after", milliseconds: undefined } : NEVER;
  }
  const milliseconds = /^\d+$/.test(header)
    ? Number(header) * 1000
    : Date.parse(header) - Date.now();
  const isTime = !Number.isNaN(milliseconds);
  return { kind: "after", milliseconds: isTime ? Math.max(0, milliseconds) : undefined };
}

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** The answer at the end of all redirects. The client itself follows none that are relative. */
async function follow(client: HttpClient, from: string): Promise<IncomingMessage> {
  let url = new URL(from);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const { message } = await client.get(url.href);
    const { statusCode = 0, headers } = message;
    if (!REDIRECTS.includes(statusCode) || headers.location === undefined) return message;
    message.destroy();
    const next = URL.parse(headers.location, url.href);
    if (next === null) throw new FinalError(`${url.host} redirects to what is no address`);
    if (url.protocol === "https:" && next.protocol !== "https:") {
      throw new FinalError(`${url.host} leads from HTTPS to ${next.protocol}//${next.host}`);
    }
    url = next;
  }
  throw new FinalError(`more than ${MOST_REDIRECTS} redirects`);
}

/** The client takes no signal: whoever waits for it stops waiting. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const giveUp = () => reject(new Error("it was cancelled"));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
}

/** How long it may take, however much comes meanwhile. */
interface Limit extends Disposable {
  /** Rejects when it is reached. */
  readonly reached: Promise<never>;
}

function startLimit(milliseconds: number): Limit {
  const { promise, reject } = Promise.withResolvers<never>();
  const message = `it took longer than ${milliseconds / 60_000} minutes`;
  const timer = setTimeout(() => reject(new FinalError(message)), milliseconds);
  promise.catch(() => {});
  return { reached: promise, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** How long nothing has come. */
interface Silence extends Disposable {
  /** Rejects when it was too long. */
  readonly tooLong: Promise<never>;
  /** Something came. */
  end(): void;
}

function startSilence(milliseconds: number): Silence {
  const { promise, reject } = Promise.withResolvers<never>();
  const message = `nothing came for ${milliseconds / 1000} seconds`;
  const timer = setTimeout(() => reject(new Error(message)), milliseconds);
  // It may be too long when nobody waits any more.
  promise.catch(() => {});
  return {
    tooLong: promise,
    end: () => void timer.refresh(),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

async function save(
  files: Pick<Files, "writeStream">,
  path: string,
  message: IncomingMessage,
  silence: Silence,
): Promise<DownloadedFile> {
  let bytes = 0;
  silence.tooLong.catch((error) => message.destroy(error));
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of message) {
      silence.end();
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw new FinalError(`it is larger than ${MOST_BYTES} bytes`);
      yield chunk;
    }
  }
  await files.writeStream(path, counted());
  return { bytes };
}
