import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryCatalogue } from "../dist/catalogue.js";
import { Orders } from "../dist/orders.js";

const TEA = { id: "tea", name: "Green tea", price: 890, stock: 3 };

test("an order costs the sum of its lines", async () => {
  const orders = new Orders(memoryCatalogue([TEA]));
  const placed = await orders.place("mia", { lines: [{ product: "tea", quantity: 2 }] });
  assert.equal(placed.kind, "placed");
  assert.equal(placed.order.total, 1780);
});

test("lines of one product are one line", async () => {
  const orders = new Orders(memoryCatalogue([TEA]));
  const line = { product: "tea", quantity: 1 };
  const placed = await orders.place("mia", { lines: [line, line] });
  assert.deepEqual(placed.order.lines, [{ product: "tea", quantity: 2 }]);
});

test("what is not in stock is refused, and nothing is taken", async () => {
  const catalogue = memoryCatalogue([TEA]);
  const orders = new Orders(catalogue);
  const placed = await orders.place("mia", { lines: [{ product: "tea", quantity: 4 }] });
  assert.deepEqual(placed, { kind: "refused", product: "tea", reason: "stock" });
  assert.equal((await catalogue.find("tea")).stock, 3);
});

test("a customer sees only their own orders", async () => {
  const orders = new Orders(memoryCatalogue([TEA]));
  await orders.place("mia", { lines: [{ product: "tea", quantity: 1 }] });
  assert.equal(orders.ofCustomer("mia").length, 1);
  assert.equal(orders.ofCustomer("leo").length, 0);
});
