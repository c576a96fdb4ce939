import express, { type ErrorRequestHandler, type Express } from "express";
import helmet from "helmet";
import { z } from "zod";
import type { Catalogue } from "./catalogue.js";
import { measureRequests, ordersPlaced, registry } from "./metrics.js";
import { type Orders, orderRequest } from "./orders.js";
import { requireCustomer, signToken } from "./sign-in.js";

export interface AppParts {
  readonly catalogue: Catalogue;
  readonly orders: Orders;
  readonly secret: string;
}

const signInRequest = z.object({ customer: z.string().regex(/^[a-z0-9-]{1,40}$/) });

/** The HTTP side of the shop. */
export function createApp({ catalogue, orders, secret }: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(helmet(), express.json({ limit: "100kb" }), measureRequests);

  app.get("/health", (_request, response) => {
    response.json({ status: "ok", uptime: Math.round(process.uptime()) });
  });

  app.get("/metrics", async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });

  app.get("/api/products", async (_request, response) => {
    response.json(await catalogue.list());
  });

  app.post("/api/sign-in", (request, response) => {
    const { customer } = signInRequest.parse(request.body);
    response.json({ token: signToken(secret, customer) });
  });

  app.get("/api/orders", requireCustomer(secret), (_request, response) => {
    response.json(orders.ofCustomer(response.locals.customer));
  });

  app.post("/api/orders", requireCustomer(secret), async (request, response, next) => {
    try {
      const wanted = orderRequest.parse(request.body);
      const placed = await orders.place(response.locals.customer, wanted);
      if (placed.kind === "placed") ordersPlaced.inc();
      response.status(placed.kind === "placed" ? 201 : 409).json(placed);
    } catch (error) {
      next(error);
    }
  });

  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  if (error instanceof z.ZodError) {
    response.status(400).json({ error: "the request does not fit", issues: error.issues });
    return;
  }
  const status = typeof error.status === "number" ? error.status : 500;
  response.status(status).json({ error: status === 500 ? "something broke" : error.message });
};
