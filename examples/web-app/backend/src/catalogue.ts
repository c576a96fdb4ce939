import pg from "pg";

export interface Product {
  readonly id: string;
  readonly name: string;
  /** In cents. */
  readonly price: number;
  readonly stock: number;
}

/** Where products are kept. */
export interface Catalogue {
  list(): Promise<readonly Product[]>;
  find(id: string): Promise<Product | undefined>;
  /** Takes from the stock; false when there is not enough. */
  take(id: string, quantity: number): Promise<boolean>;
}

const SAMPLES: readonly Product[] = [
  { id: "tea", name: "Green tea, 100 g", price: 890, stock: 120 },
  { id: "cup", name: "Porcelain cup", price: 1450, stock: 60 },
  { id: "pot", name: "Cast iron teapot", price: 6900, stock: 8 },
  { id: "whisk", name: "Bamboo whisk", price: 1990, stock: 25 },
];

/** Products in memory, for development and tests. */
export function memoryCatalogue(products: readonly Product[] = SAMPLES): Catalogue {
  const byId = new Map(products.map((product) => [product.id, product]));
  return {
    list: async () => [...byId.values()],
    find: async (id) => byId.get(id),
    take: async (id, quantity) => {
      const product = byId.get(id);
      if (product === undefined || product.stock < quantity) return false;
      byId.set(id, { ...product, stock: product.stock - quantity });
      return true;
    },
  };
}

/** Products in PostgreSQL. */
export function databaseCatalogue(url: string): Catalogue {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const columns = "id, name, price, stock";
  return {
    list: async () => (await pool.query<Product>(`SELECT ${columns} FROM products ORDER BY name`)).rows,
    find: async (id) =>
      (await pool.query<Product>(`SELECT ${columns} FROM products WHERE id = $1`, [id])).rows[0],
    take: async (id, quantity) => {
      const update = "UPDATE products SET stock = stock - $2 WHERE id = $1 AND stock >= $2";
      return (await pool.query(update, [id, quantity])).rowCount === 1;
    },
  };
}
