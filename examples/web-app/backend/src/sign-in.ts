import type { RequestHandler } from "express";
import jwt from "jsonwebtoken";

/** A token that names a customer for an hour. */
export function signToken(secret: string, customer: string): string {
  return jwt.sign({}, secret, { subject: customer, expiresIn: "1h", algorithm: "HS256" });
}

/** The customer that a token names; undefined when it is not ours or too old. */
export function readToken(secret: string, token: string): string | undefined {
  try {
    const { sub } = jwt.verify(token, secret, { algorithms: ["HS256"] });
    return typeof sub === "string" ? sub : undefined;
  } catch {
    return undefined;
  }
}

/** Lets through who has a token, as `response.locals.customer`. */
export function requireCustomer(secret: string): RequestHandler {
  return (request, response, next) => {
    const [scheme, token = ""] = (request.get("authorization") ?? "").split(" ");
    const customer = scheme === "Bearer" ? readToken(secret, token) : undefined;
    if (customer === undefined) {
      response.status(401).json({ error: "sign in first" });
      return;
    }
    response.locals.customer = customer;
    next();
  };
}
