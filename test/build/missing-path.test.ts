import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withMissingPaths } from "../../src/build/missing-path.ts";
import { createFiles } from "../../src/host/files.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import type { StageBuild } from "../../src/model/build.ts";
import { makePlannedImage, makeStage } from "../make.ts";

const stage = makeStage();
const image = makePlannedImage({ context: "api", dockerfile: "api/Dockerfile", stages: [stage] });

/** The reason that is told for a path that was not found in the context `api`. */
async function reasonFor(
  path: string,
  there: readonly string[],
  link?: string,
  asked = path,
  isPattern = false,
): Promise<string> {
  const folder = await makeTemporaryFolder("missing-path", {});
  onTestFinished(() => folder[Symbol.asyncDispose]());
  for (const file of there) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true });
    await writeFile(join(folder.path, file), "");
  }
  if (link !== undefined) await symlink(link, join(folder.path, "api", path));
  const files = createFiles({ workspace: folder.path, env: {} });
  const conceal = (text: string) => text.replaceAll("hunter2", "***");
  const failed: StageBuild = {
    ...{ kind: "failed", reason: "as it was", output: [], seconds: 0, steps: [] },
    missing: { path: asked, isPattern, instruction: "`COPY x /`" },
  };
  const host = { files, workspace: folder.path, conceal };
  const builds = await withMissingPaths(host, [image], new Map([[stage, failed]]));
  const build = builds.get(stage);
  return build?.kind === "failed" ? build.reason : "";
}

test("a path that is mistyped is told with what was meant", async () => {
  expect(await reasonFor("src/mian.py", ["api/src/main.py"])).toBe(
    "`COPY x /`: `src/mian.py` is not in the build context `api`; did you mean `src/main.py`?",
  );
  expect(await reasonFor("scr/main.py", ["api/src/main.py"])).toMatch(/mean `src\/main.py`\?$/);
});

test("a file that lies elsewhere is told with the places, and no more than three", async () => {
  expect(await reasonFor("package.json", ["api/web/package.json", "package.json"])).toBe(
    "`COPY x /`: `package.json` is not in the build context `api`; there is `web/package.json`",
  );
  const many = ["a", "b", "c", "d", "e"].map((name) => `api/${name}/pom.xml`);
  expect(await reasonFor("pom.xml", many)).toMatch(
    /there is `a\/pom.xml`, `b\/pom.xml`, `c\/pom.xml` and 2 more$/,
  );
});

test("a path that nothing is like is only missing", async () => {
  expect(await reasonFor("dist", ["api/src/main.py"])).toBe(
    "`COPY x /`: `dist` is not in the build context `api`",
  );
});

test("a path that is there was left out, and by which file", async () => {
  expect(await reasonFor("dist", ["api/dist/index.js", "api/.dockerignore"])).toBe(
    "`COPY x /`: `dist` is in the build context `api`: probably `api/.dockerignore` leaves it out",
  );
  const both = ["api/dist/index.js", "api/.dockerignore", "api/Dockerfile.dockerignore"];
  expect(await reasonFor("dist", both)).toMatch(
    /probably `api\/Dockerfile.dockerignore` leaves it out$/,
  );
});

test("a link that leads out of the context is told as such", async () => {
  expect(await reasonFor("shared", ["api/Dockerfile", "shared/a"], "../shared")).toBe(
    "`COPY x /`: `shared` leads out of the build context `api`",
  );
});

test("a link to nothing is told as such, on the way to a path too", async () => {
  expect(await reasonFor("shared", ["api/Dockerfile"], "../nowhere")).toBe(
    "`COPY x /`: `shared` is a link to `../nowhere`, which is not there",
  );
  const folder = await reasonFor("shared", ["api/Dockerfile"], "gone", "shared/a.txt");
  expect(folder).toBe("`COPY x /`: `shared` is a link to `gone`, which is not there");
});

test("where the reason cannot be seen, BuildKit's stays", async () => {
  expect(await reasonFor("dist", ["api/dist/index.js"])).toBe("as it was");
  expect(await reasonFor("x".repeat(5000), ["api/Dockerfile"])).toBe("as it was");
});

test("a secret in the name of a file is not told", async () => {
  expect(await reasonFor("hunter3.txt", ["api/hunter2.txt"])).toMatch(/mean `\*\*\*.txt`\?$/);
});

test("a file that a pattern matches was left out, and by which file", async () => {
  const of = (pattern: string, ...there: readonly string[]) =>
    reasonFor(pattern, there, undefined, pattern, true);
  const there = ["api/conf/a.yaml", "api/.dockerignore"];
  expect(await of("conf/*.yaml", ...there)).toBe(
    "`COPY x /`: `conf/a.yaml` is in the build context `api`: probably `api/.dockerignore` leaves it out",
  );
  expect(await of("./conf/?.yaml", ...there)).toMatch(
    /probably `api\/.dockerignore` leaves it out$/,
  );
  expect(await of("conf/*.json", ...there)).toBe("as it was");
  expect(await of("conf/*.yaml", "api/conf/a.yaml")).toBe("as it was");
  expect(await of("conf/{a,b}*.yaml", ...there)).toBe("as it was");
});
