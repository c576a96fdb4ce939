import { expect, test } from "vitest";
import { addToCart, cartTotal, removeFromCart } from "../src/cart";
import { formatMoney } from "../src/money";

const TEA = { id: "tea", name: "Green tea", price: 890, stock: 2 };
const CUP = { id: "cup", name: "Porcelain cup", price: 1450, stock: 0 };

test("the same product again is one line", () => {
  expect(addToCart(addToCart([], TEA), TEA)).toEqual([{ product: TEA, quantity: 2 }]);
});

test("no more than the stock goes into the cart", () => {
  const cart = [TEA, TEA, TEA].reduce(addToCart, []);
  expect(cart).toEqual([{ product: TEA, quantity: 2 }]);
});

test("what is sold out stays out", () => {
  expect(addToCart([], CUP)).toEqual([]);
});

test("a removed product is gone", () => {
  expect(removeFromCart([{ product: TEA, quantity: 2 }], "tea")).toEqual([]);
});

test("the total is the sum of the lines", () => {
  expect(cartTotal([{ product: TEA, quantity: 2 }])).toBe(1780);
});

test("money is shown in euros", () => {
  expect(formatMoney(1780)).toBe("€17.80");
});
