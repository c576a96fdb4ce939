// npm run demo: the main job on examples/trading-app, as on a laptop, with the lab's parts. Prints
// the report and leaves Markdown, JSON and SARIF in out/demo. Exits 0 when the report was made,
// whatever its verdict.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureLab } from "./lab/lab.ts";

const root = join(import.meta.dirname, "..");
const example = join(root, "examples", "trading-app");
const out = join(root, "out", "demo");

/** Exit codes of the command that mean: a report was made. */
const REPORTED = [0, 1];

const lab = await ensureLab(["engine", "registry", "images", "tools", "database"]);
console.log("The main job on examples/trading-app, in which there are faults to be found:\n");
const { status } = spawnSync(
  process.execPath,
  [
    join(root, "dist", "cli.js"),
    ...["--config", "weighbridge.yml"],
    ...["--trivy-path", lab.tools.trivy],
    ...["--hadolint-path", lab.tools.hadolint],
    ...["--trivy-db-repository", lab.database.repository],
    ...["--out", out],
    ...process.argv.slice(2),
  ],
  { cwd: example, stdio: "inherit", env: { ...process.env, ...lab.engine.environment } },
);
const isReported = REPORTED.includes(status ?? -1);
if (isReported) {
  console.log(
    `\nThe demo worked; the verdict is the example's. Markdown, JSON and SARIF are in ${out}`,
  );
}
process.exitCode = isReported ? 0 : (status ?? 1);
