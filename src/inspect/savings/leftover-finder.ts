import type { AdviceRule } from "../../model/image.ts";
import type { Numbers } from "../column.ts";
import type { PathTable } from "../paths.ts";
import { classifyPaths, type FolderClass } from "./path-classes.ts";

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
  ".cache/pypoetry/artifacts",
  ".cache/pypoetry/cache",
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

/** What a container can most likely do without, by where it is. */
export interface Leftover extends FolderClass {
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

/** Tells of paths whether what is there is a leftover. */
export class LeftoverFinder {
  readonly #paths: PathTable;
  readonly #classes: Numbers;

  constructor(paths: PathTable) {
    this.#paths = paths;
    this.#classes = classifyPaths(paths, LEFTOVERS);
  }

  /** What a file is that has this path and so many bytes. */
  at(path: number, bytes: number): Leftover | undefined {
    const folder = this.#classes.at(this.#paths.parentOf(path));
    return LEFTOVERS[folder - 1] ?? this.#byEnding(path, bytes);
  }

  /**
   * The folder that a leftover is in, as a path of the tree, where each such folder is to be told by
   * itself: packages of one project may be installed anew, and those of another not.
   */
  placeOf(path: number, { folder }: Leftover): number | undefined {
    if (folder !== "node_modules") return undefined;
    let place = path;
    for (
      let above = this.#paths.parentOf(path);
      this.#classes.at(above) !== 0;
      above = this.#paths.parentOf(above)
    ) {
      place = above;
    }
    return place;
  }

  #byEnding(path: number, bytes: number): Leftover | undefined {
    if (bytes < LEAST_BYTES) return undefined;
    const name = this.#paths.nameOf(path);
    const ending = ENDINGS.find((each) => name.endsWith(each));
    return ending === undefined ? undefined : { rule: "context", folder: `*${ending}` };
  }
}
