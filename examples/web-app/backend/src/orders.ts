import { randomUUID } from "node:crypto";
import lodash from "lodash";
import { z } from "zod";
import type { Catalogue } from "./catalogue.js";

export const orderRequest = z.object({
  lines: z
    .array(z.object({ product: z.string().min(1), quantity: z.number().int().positive().max(99) }))
    .min(1)
    .max(20),
});

export type OrderRequest = z.infer<typeof orderRequest>;

export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly lines: OrderRequest["lines"];
  /** In cents. */
  readonly total: number;
  readonly placedAt: string;
}

export type Placed =
  | { readonly kind: "placed"; readonly order: Order }
  | { readonly kind: "refused"; readonly product: string; readonly reason: string };

/** Takes orders, and tells whoever listens. */
export class Orders {
  readonly #catalogue: Catalogue;
  readonly #orders = new Map<string, Order>();
  readonly #listeners: ((order: Order) => void)[] = [];

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  onPlaced(listener: (order: Order) => void): void {
    this.#listeners.push(listener);
  }

  async place(customer: string, request: OrderRequest): Promise<Placed> {
    const lines = mergeLines(request.lines);
    let total = 0;
    for (const { product: id, quantity } of lines) {
      const product = await this.#catalogue.find(id);
      if (product === undefined) return { kind: "refused", product: id, reason: "unknown" };
      if (product.stock < quantity) return { kind: "refused", product: id, reason: "stock" };
      total += product.price * quantity;
    }
    for (const { product: id, quantity } of lines) await this.#catalogue.take(id, quantity);
    const order = { id: randomUUID(), customer, lines, total, placedAt: new Date().toISOString() };
    this.#orders.set(order.id, order);
    for (const listener of this.#listeners) listener(order);
    return { kind: "placed", order };
  }

  ofCustomer(customer: string): readonly Order[] {
    const own = [...this.#orders.values()].filter((order) => order.customer === customer);
    return lodash.orderBy(own, "placedAt", "desc");
  }
}

/** One line a product. */
function mergeLines(lines: OrderRequest["lines"]): OrderRequest["lines"] {
  const groups = lodash.groupBy(lines, "product");
  return Object.entries(groups).map(([product, group]) => ({
    product,
    quantity: lodash.sumBy(group, "quantity"),
  }));
}
