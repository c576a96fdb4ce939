import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Shop } from "./shop";
import "./style.css";

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Shop />
    </StrictMode>,
  );
}
