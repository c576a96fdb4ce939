// npm run build: bundles the two doors into dist/. With --check, only says whether dist/ is what
// src/ makes.

import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const BUNDLES = [
  { entry: "src/action.ts", file: "index.js", exitCode: 1 },
  { entry: "src/cli.ts", file: "cli.js", exitCode: 3 },
] as const;
type Bundle = (typeof BUNDLES)[number];

/** The same that GitHub runs the action on. */
const OLDEST_NODE = 24;

const made = await mkdtemp(join(tmpdir(), "weighbridge-build-"));
try {
  for (const each of BUNDLES) await bundle(each);
  if (process.argv.includes("--check")) await check();
  else await replace();
} finally {
  await rm(made, { recursive: true });
}

/** Never minified: its diffs are read, and its stack traces. */
async function bundle({ entry, file, exitCode }: Bundle): Promise<void> {
  const out = join(made, "out", file);
  const ncc = join(root, "node_modules", ".bin", "ncc");
  const args = ["build", entry, "--out", out, "--transpile-only", "--license", "licenses.txt"];
  execFileSync(ncc, [...args, "--quiet"], { cwd: root, stdio: "inherit" });
  const files = await readdir(out);
  const unexpected = files.filter(
    (name) => !["index.js", "licenses.txt", "package.json"].includes(name),
  );
  if (unexpected.length > 0) throw new Error(`ncc made files of its own: ${unexpected.join(", ")}`);
  await mkdir(join(made, "dist"), { recursive: true });
  const text = await readFile(join(out, "index.js"), "utf8");
  await writeFile(join(made, "dist", file), withNodeCheck(text, exitCode));
  await cp(join(out, "package.json"), join(made, "dist", "package.json"));
  await cp(join(out, "licenses.txt"), join(made, "dist", `${file}.licenses.txt`));
}

/** An older Node knows not all that the bundle is written in: it says so before it comes to that. */
function withNodeCheck(text: string, exitCode: number): string {
  const [, shebang = "", rest = text] = /^(#!.*\n)?([\s\S]*)$/.exec(text) ?? [];
  const check = `if (Number.parseInt(process.versions.node, 10) < ${OLDEST_NODE}) {
  process.stderr.write(\`weighbridge needs Node ${OLDEST_NODE} or newer; this is \${process.version}\\n\`);
  process.exit(${exitCode});
}
`;
  return `${shebang}${check}${rest}`;
}

async function replace(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await cp(join(made, "dist"), dist, { recursive: true });
  await chmod(join(dist, "cli.js"), 0o755);
}

async function check(): Promise<void> {
  for (const name of await readdir(join(made, "dist"))) {
    const wanted = await readFile(join(made, "dist", name));
    const committed = await readFile(join(dist, name)).catch(() => undefined);
    if (committed?.equals(wanted)) continue;
    console.error(`dist/${name} is not what src/ makes: run "npm run build" and commit dist/`);
    process.exitCode = 1;
  }
}
