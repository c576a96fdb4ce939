import type { Server } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import type { Orders } from "./orders.js";

/** Tells every browser that listens on /live when something was sold. */
export function serveLive(server: Server, orders: Orders): WebSocketServer {
  const sockets = new WebSocketServer({ server, path: "/live" });
  orders.onPlaced(({ lines, placedAt }) => {
    const message = JSON.stringify({ kind: "sold", lines, placedAt });
    for (const client of sockets.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(message);
    }
  });
  return sockets;
}
