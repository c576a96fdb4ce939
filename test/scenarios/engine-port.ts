// A way to an engine of the lab that can be cut.

import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Passes every connection on to an engine's socket. */
export interface EnginePort extends AsyncDisposable {
  /** What the variable `DOCKER_HOST` takes. */
  readonly dockerHost: string;
  /** Breaks off what is open, and opens nothing more. */
  cut(): void;
}

/**
 * @param engine its `DOCKER_HOST`: a socket of this machine
 * @param address of this machine, where a port is opened
 */
export async function openEnginePort(engine: string, address: string): Promise<EnginePort> {
  const path = engine.replace(/^unix:\/\//, "");
  const sockets = new Set<Socket>();
  // One side ends a stream while the other goes on: so builds are spoken to.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const beyond = connect({ path, allowHalfOpen: true });
    for (const [from, to] of [
      [socket, beyond],
      [beyond, socket],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const closed = new Promise<void>((resolve) => server.on("close", resolve));
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const { port } = server.address() as AddressInfo;
  return {
    dockerHost: `tcp://${address}:${port}`,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await closed;
    },
  };
}
