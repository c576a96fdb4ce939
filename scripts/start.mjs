// The door to every npm script. Runs on whatever Node is there (20 or newer): installs the locked
// dependencies if they are not there yet, then hands over to the Node 24 that is one of them.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const stamp = join(modules, ".weighbridge-lock");
const scripts = {
  demo: "demo.ts",
  test: "test.ts",
  unit: "unit.ts",
  integration: "integration.ts",
  lab: "lab.ts",
  bench: "bench.ts",
  "bench-inspect": "bench-inspect.ts",
};

const [name = "", ...args] = process.argv.slice(2);
const script = scripts[name];
if (script === undefined) {
  console.error(`usage: node scripts/start.mjs ${Object.keys(scripts).join("|")} [argument...]`);
  process.exit(2);
}
installDependencies();
run(join(modules, ".bin", "node"), [join(root, "scripts", script), ...args]);

function installDependencies() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const installed = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (installed === wanted) return;
  console.error("Installing dependencies (npm ci, about half a minute) …");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    // Standard output belongs to the script: a shell may evaluate it.
    stdio: ["inherit", process.stderr, process.stderr],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, wanted);
}

function run(command, commandArgs) {
  const path = `${join(modules, ".bin")}:${process.env.PATH}`;
  const { status, signal } = spawnSync(command, commandArgs, {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  if (signal !== null) process.kill(process.pid, signal);
  process.exit(status ?? 1);
}
