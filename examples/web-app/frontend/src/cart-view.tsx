import { type Cart, cartTotal } from "./cart";
import { formatMoney } from "./money";

interface CartViewProps {
  readonly cart: Cart;
  readonly onRemove: (id: string) => void;
  readonly onOrder: () => void;
}

export function CartView({ cart, onRemove, onOrder }: CartViewProps) {
  if (cart.length === 0) return <p>Your cart is empty.</p>;
  return (
    <section className="cart">
      <ul>
        {cart.map(({ product, quantity }) => (
          <li key={product.id}>
            {quantity} × {product.name}
            <button type="button" onClick={() => onRemove(product.id)}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <p>
        <strong>{formatMoney(cartTotal(cart))}</strong>
      </p>
      <button type="button" onClick={onOrder}>
        Order
      </button>
    </section>
  );
}
