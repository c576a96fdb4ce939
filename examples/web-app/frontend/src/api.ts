import type { Cart, Product } from "./cart";

/** All products; throws when the shop does not answer. */
export async function fetchProducts(): Promise<readonly Product[]> {
  return request("/api/products");
}

/** A token for this customer. */
export async function signIn(customer: string): Promise<string> {
  const { token } = await request<{ token: string }>("/api/sign-in", { customer });
  return token;
}

export async function placeOrder(token: string, cart: Cart): Promise<void> {
  const lines = cart.map(({ product, quantity }) => ({ product: product.id, quantity }));
  await request("/api/orders", { lines }, token);
}

async function request<T>(path: string, body?: unknown, token?: string): Promise<T> {
  const reply = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
  return reply.json() as Promise<T>;
}
