import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

/** The tests that a table names: a file, and what its tests are called, with `…` for what differs. */
const named = [...text.matchAll(/`(test\/[\w./-]+)`(?:: ((?:\*[^*]+\*(?:; )?)+))?/g)].map(
  ([, file = "", titles = ""]) => ({
    file,
    titles: [...titles.matchAll(/\*([^*]+)\*/g)].map(([, title = ""]) => title),
  }),
);

it("names tests that there are, in the files that they are in", () => {
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter(({ file }) => !existsSync(join(root, file)));
  expect(missing).toEqual([]);
  const unknown = named
    .filter(({ file }) => file.endsWith(".ts"))
    .flatMap(({ file, titles }) => {
      const source = readFileSync(join(root, file), "utf8");
      const isThere = (title: string) => title.split("…").every((part) => source.includes(part));
      return titles.filter((title) => !isThere(title)).map((title) => `${file}: ${title}`);
    });
  expect(unknown).toEqual([]);
});

it("names files of the code that there are", () => {
  const paths = [...text.matchAll(/`(src\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
