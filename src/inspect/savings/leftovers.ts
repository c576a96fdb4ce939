import type { AdviceRule } from "../../model/image.ts";
import type { Numbers } from "../column.ts";
import type { ImageTree } from "../layers.ts";
import { classifyPaths, type FolderClass } from "./path-classes.ts";
import { type Saving, SavingSums } from "./saving.ts";

/** What package managers keep for their next run, which no container has. */
const CACHES = [
  "/var/lib/apt/lists",
  "/var/cache/apt",
  "/var/cache/apk",
  "/var/cache/dnf",
  "/var/cache/yum",
  "/var/cache/zypp",
  ".cache/pip",
  ".cache/uv",
  ".cache/pypoetry",
  ".npm/_cacache",
  ".cache/yarn",
  "/usr/local/share/.cache",
  ".local/share/pnpm/store",
  ".cache/go-build",
  "go/pkg/mod/cache",
  ".m2/repository",
  ".gradle/caches",
  ".cargo/registry",
  ".cache/composer",
  "/tmp",
  "/var/tmp",
];

/** What lies beside a program's sources, and is not needed to run it. */
const BESIDE_SOURCES = [
  ".git",
  ".github",
  ".idea",
  ".vscode",
  "node_modules",
  ".venv",
  "venv",
  "__pycache__",
  ".pytest_cache",
  ".mypy_cache",
  ".ruff_cache",
  ".tox",
  "coverage",
  "test",
  "tests",
  "__tests__",
  "docs",
];

interface Leftover extends FolderClass {
  readonly rule: AdviceRule;
}

const LEFTOVERS: readonly Leftover[] = [
  ...CACHES.map((folder): Leftover => ({ folder, rule: "package-cache" })),
  ...BESIDE_SOURCES.map((folder): Leftover => ({ folder, rule: "context" })),
];

/** Endings of files that are made for those who write a program, not for those who run it. */
const ENDINGS = [".map", ".log", ".tsbuildinfo"];

/** Bytes of the smallest file whose name is looked at: a million names are not read for little. */
const LEAST_BYTES = 4096;

/**
 * Live files that a container can most likely do without. Whether what lies beside sources came
 * with the build context is for those to say who know the lines.
 */
export function leftoverSavings(tree: ImageTree): readonly Saving[] {
  const { files, paths } = tree;
  const classes = classifyPaths(paths, LEFTOVERS);
  const isNeeded = neededElsewhere(tree, classes);
  const sums = new SavingSums();
  for (let file = 0; file < files.length; file++) {
    const bytes = files.bytes.at(file);
    if (files.killedBy.at(file) !== 0 || bytes === 0 || isNeeded[file] === 1) continue;
    const path = files.paths.at(file);
    const leftover = leftoverAt(tree, classes, path, bytes);
    if (leftover === undefined) continue;
    const { rule, folder: subject } = leftover;
    sums.add({ rule, subject, layer: files.layers.at(file) }, { path, bytes });
  }
  return sums.savings(paths);
}

/**
 * Which files stay when a folder goes that one of their names is in, since another is not: uv and pnpm
 * install by hard links to their caches.
 */
function neededElsewhere(tree: ImageTree, classes: Numbers): Uint8Array {
  const { files, filesAt } = tree;
  const isNeeded = new Uint8Array(files.length);
  for (let path = 0; path < filesAt.length; path++) {
    const file = filesAt.at(path) - 1;
    if (file === -1 || files.paths.at(file) === path) continue;
    const bytes = files.bytes.at(file);
    const here = leftoverAt(tree, classes, path, bytes)?.folder;
    if (here !== leftoverAt(tree, classes, files.paths.at(file), bytes)?.folder) isNeeded[file] = 1;
  }
  return isNeeded;
}

function leftoverAt(
  tree: ImageTree,
  classes: Numbers,
  path: number,
  bytes: number,
): Leftover | undefined {
  return LEFTOVERS[classes.at(tree.paths.parentOf(path)) - 1] ?? byEnding(tree, path, bytes);
}

function byEnding({ paths }: ImageTree, path: number, bytes: number): Leftover | undefined {
  if (bytes < LEAST_BYTES) return undefined;
  const name = paths.nameOf(path);
  const ending = ENDINGS.find((each) => name.endsWith(each));
  return ending === undefined ? undefined : { rule: "context", folder: `*${ending}` };
}
