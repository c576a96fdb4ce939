import { useEffect, useState } from "react";
import { fetchProducts, placeOrder, signIn } from "./api";
import { addToCart, type Cart, type Product, removeFromCart } from "./cart";
import { CartView } from "./cart-view";
import { ProductList } from "./product-list";

export function Shop() {
  const [products, setProducts] = useState<readonly Product[]>([]);
  const [cart, setCart] = useState<Cart>([]);
  const [notice, setNotice] = useState("");

  useEffect(() => {
    fetchProducts().then(setProducts, () => setNotice("The shop does not answer."));
  }, []);

  async function order() {
    try {
      await placeOrder(await signIn("guest"), cart);
      setCart([]);
      setNotice("Thank you for your order.");
    } catch {
      setNotice("The order did not go through.");
    }
  }

  return (
    <main>
      <h1>Tea shop</h1>
      {notice !== "" && <p role="status">{notice}</p>}
      <ProductList
        products={products}
        onAdd={(product) => setCart((before) => addToCart(before, product))}
      />
      <CartView
        cart={cart}
        onRemove={(id) => setCart((before) => removeFromCart(before, id))}
        onOrder={order}
      />
    </main>
  );
}
