import { defineConfig } from "vite";

export default defineConfig({
  esbuild: { jsx: "automatic" },
  build: { sourcemap: true },
  server: { proxy: { "/api": "http://backend:3000" } },
});
