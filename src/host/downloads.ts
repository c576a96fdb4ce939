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
      maxRedirects: 5,
      allowRetries: true,
      maxRetries: 2,
    });
    try {
      const { message } = await Promise.race([client.get(url), abortOf(signal)]);
      return await save(files, path, addAbortSignal(signal, message));
    } catch (error) {
      return { kind: "unreachable", message: messageOf(error) };
    } finally {
      client.dispose();
    }
  };
}

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
