import type { Product } from "./cart";
import { formatMoney } from "./money";

interface ProductListProps {
  readonly products: readonly Product[];
  readonly onAdd: (product: Product) => void;
}

export function ProductList({ products, onAdd }: ProductListProps) {
  return (
    <ul className="products">
      {products.map((product) => (
        <li key={product.id}>
          <h2>{product.name}</h2>
          <p>{formatMoney(product.price)}</p>
          <button type="button" disabled={product.stock === 0} onClick={() => onAdd(product)}>
            {product.stock === 0 ? "Sold out" : "Add"}
          </button>
        </li>
      ))}
    </ul>
  );
}
