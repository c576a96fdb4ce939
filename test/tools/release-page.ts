// A release page on loopback.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReleasePage extends AsyncDisposable {
  /** `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
}

/** Answers every request with the listener. */
export async function openReleasePage(listener: RequestListener): Promise<ReleasePage> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
