import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/**
 * Bundles the action, or another entry, as `npm run build` does, elsewhere than in `dist/`. Returns
 * its path.
 */
export function makeBundle(folder: string, entry = "src/action.ts"): string {
  const ncc = join(root, "node_modules", ".bin", "ncc");
  const args = ["build", entry, "--out", folder, "--transpile-only", "--quiet"];
  execFileSync(ncc, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return join(folder, "index.js");
}
