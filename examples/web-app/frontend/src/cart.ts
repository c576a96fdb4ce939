import { sumBy } from "lodash-es";

export interface Product {
  readonly id: string;
  readonly name: string;
  /** In cents. */
  readonly price: number;
  readonly stock: number;
}

export interface CartLine {
  readonly product: Product;
  readonly quantity: number;
}

export type Cart = readonly CartLine[];

/** One more of a product, as long as there is stock. */
export function addToCart(cart: Cart, product: Product): Cart {
  const line = cart.find((candidate) => candidate.product.id === product.id);
  const quantity = Math.min((line?.quantity ?? 0) + 1, product.stock);
  if (quantity === 0) return cart;
  if (line === undefined) return [...cart, { product, quantity }];
  return cart.map((other) => (other === line ? { product, quantity } : other));
}

export function removeFromCart(cart: Cart, id: string): Cart {
  return cart.filter(({ product }) => product.id !== id);
}

/** In cents. */
export function cartTotal(cart: Cart): number {
  return sumBy(cart as CartLine[], ({ product, quantity }) => product.price * quantity);
}
