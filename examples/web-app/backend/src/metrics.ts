import type { RequestHandler } from "express";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

export const registry = new Registry();
collectDefaultMetrics({ register: registry });

export const ordersPlaced = new Counter({
  name: "shop_orders_placed_total",
  help: "Orders placed",
  registers: [registry],
});

const requestSeconds = new Histogram({
  name: "shop_request_seconds",
  help: "Time to answer a request",
  labelNames: ["method", "route", "status"],
  registers: [registry],
});

/** Measures every request. */
export const measureRequests: RequestHandler = (request, response, next) => {
  const stop = requestSeconds.startTimer();
  response.on("finish", () => {
    const route = request.route?.path ?? "other";
    stop({ method: request.method, route, status: response.statusCode });
  });
  next();
};
