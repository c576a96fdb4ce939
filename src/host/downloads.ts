import type { IncomingMessage } from "node:http";
import { addAbortSignal } from "node:stream";
import { HttpClient } from "@actions/http-client";
import { messageOf } from "../errors.ts";
import type { Download, DownloadedFile, Files, Reply } from "./host.ts";

/** What the downloads of a host depend on. */
export interface DownloadSettings {
  readonly files: Pick<Files, "writeStream">;
  /** Stops every download that was not given a signal of its own. */
  readonly signal: AbortSignal;
}

/** After this long without a byte, the other side is taken for gone. */
const SILENCE_MILLISECONDS = 30_000;

/** Downloads over HTTP and HTTPS, through the proxies that the environment names. */
export function createDownload({ files, signal: defaultSignal }: DownloadSettings): Download {
  return async (url, path, options = {}) => {
    // One of our own, so that nothing stays attached to a signal that outlives the download.
    const signal = AbortSignal.any([options.signal ?? defaultSignal]);
    const client = new HttpClient("weighbridge", [], {
      socketTimeout: SILENCE_MILLISECONDS,
      allowRedirects: false,
      allowRetries: true,
      maxRetries: 2,
    });
    try {
      const message = await Promise.race([follow(client, url), abortOf(signal)]);
      return await save(files, path, addAbortSignal(signal, message));
    } catch (error) {
      return { kind: "unreachable", message: messageOf(error) };
    } finally {
      client.dispose();
    }
  };
}

const MOST_REDIRECTS = 5;

/** The answer at the end of all redirects. The client itself follows none that are relative. */
async function follow(client: HttpClient, from: string): Promise<IncomingMessage> {
  let url = new URL(from);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const { message } = await client.get(url.href);
    const { statusCode = 0, headers } = message;
    if (!REDIRECTS.includes(statusCode) || headers.location === undefined) return message;
    message.destroy();
    const next = new URL(headers.location, url);
    if (url.protocol === "https:" && next.protocol !== "https:") {
      throw new Error(`${url.host} leads from HTTPS to ${next.protocol}//${next.host}`);
    }
    url = next;
  }
  throw new Error(`more than ${MOST_REDIRECTS} redirects`);
}

const REDIRECTS = [301, 302, 303, 307, 308];

/** The client takes no signal: whoever waits for it stops waiting. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const giveUp = () => reject(new Error("it was cancelled"));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
}

async function save(
  files: Pick<Files, "writeStream">,
  path: string,
  message: IncomingMessage,
): Promise<Reply<DownloadedFile>> {
  const { statusCode = 0, statusMessage = "" } = message;
  if (statusCode !== 200) {
    message.destroy();
    return { kind: "refused", status: statusCode, message: statusMessage };
  }
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of message) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  await files.writeStream(path, counted());
  return { kind: "ok", value: { bytes } };
}
