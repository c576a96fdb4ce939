import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createApp } from "../dist/app.js";
import { memoryCatalogue } from "../dist/catalogue.js";
import { Orders } from "../dist/orders.js";

const catalogue = memoryCatalogue();
const secret = "only for these tests";
const app = createApp({ catalogue, orders: new Orders(catalogue), secret });
let server;
let address;

before(async () => {
  server = app.listen(0);
  await new Promise((resolve) => server.once("listening", resolve));
  address = `http://127.0.0.1:${server.address().port}`;
});

after(() => server.close());

function post(path, body, token) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { "content-type": "application/json", ...authorization };
  return fetch(`${address}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

test("the service says that it is well", async () => {
  const reply = await fetch(`${address}/health`);
  assert.equal((await reply.json()).status, "ok");
});

test("products are there for everybody", async () => {
  const reply = await fetch(`${address}/api/products`);
  assert.ok((await reply.json()).length > 0);
});

test("orders need a customer", async () => {
  const reply = await post("/api/orders", { lines: [{ product: "tea", quantity: 1 }] });
  assert.equal(reply.status, 401);
});

test("who signed in can order", async () => {
  const { token } = await (await post("/api/sign-in", { customer: "mia" })).json();
  const reply = await post("/api/orders", { lines: [{ product: "tea", quantity: 1 }] }, token);
  assert.equal(reply.status, 201);
  assert.equal((await reply.json()).order.customer, "mia");
});

test("an order without lines does not fit", async () => {
  const { token } = await (await post("/api/sign-in", { customer: "mia" })).json();
  assert.equal((await post("/api/orders", { lines: [] }, token)).status, 400);
});

test("metrics count orders", async () => {
  const text = await (await fetch(`${address}/metrics`)).text();
  assert.match(text, /shop_orders_placed_total/);
});
