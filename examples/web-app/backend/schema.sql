CREATE TABLE IF NOT EXISTS products (
  id text PRIMARY KEY,
  name text NOT NULL,
  price integer NOT NULL CHECK (price >= 0),
  stock integer NOT NULL CHECK (stock >= 0)
);

INSERT INTO products (id, name, price, stock) VALUES
  ('tea', 'Green tea, 100 g', 890, 120),
  ('cup', 'Porcelain cup', 1450, 60),
  ('pot', 'Cast iron teapot', 6900, 8),
  ('whisk', 'Bamboo whisk', 1990, 25)
ON CONFLICT (id) DO NOTHING;
