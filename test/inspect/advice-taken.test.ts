// Advice on what lines leave in folders of package managers and in those for temporary files, where
// that is of use to other lines or to a container.

import { describe, expect, it } from "vitest";
import { advised, type MadeUp } from "./advised-dockerfile.ts";

async function about(
  [folder, text]: readonly [folder: string, text: string],
  saving: Partial<MadeUp> = {},
): Promise<string | undefined> {
  const [line = 2] = saving.lines ?? [];
  const made = { rule: "package-cache", lines: [line], subject: folder } as const;
  const paths = [`${folder}/a`];
  const stageName = / AS build/.test(text) ? "build" : undefined;
  const advice = await advised(text, [{ ...made, paths, ...saving }], { stageName });
  return advice[0]?.instead;
}

describe("what a package manager keeps", () => {
  it.each([
    ["/root/.m2/repository", "mvn package", 'CMD ["mvn", "-o", "spring-boot:run"]'],
    ["/root/.m2/repository", "mvn package", "CMD java -cp /root/.m2/repository/a.jar Main"],
    ["/root/.m2/repository", "mvn package", "ENV CLASSPATH=/root/.m2/repository/a.jar"],
    ["/root/.gradle/caches", "gradle build", 'ENTRYPOINT ["./gradlew", "--offline", "run"]'],
    ["/go/pkg/mod/cache", "go mod download", 'CMD ["go", "run", "."]'],
    ["/root/.cache/go-build", "go build", "CMD go test ./..."],
    ["/usr/local/cargo/registry", "cargo fetch", "CMD /usr/local/cargo/registry/bin/a"],
    ["/root/.cargo/registry", "cargo fetch", "CMD cargo run"],
    ["/root/.cache/uv", "uv sync", 'CMD ["uvx", "ruff"]'],
    ["/root/.cache/uv", "uv sync", "CMD uv run --with httpx a.py"],
    ["/root/.cache/uv", "uv sync --link-mode=symlink", "CMD a"],
    ["/root/.cache/uv", "uv sync", "ENV UV_LINK_MODE=symlink"],
    ["/root/.npm/_cacache", "npm ci", "CMD npx --offline serve"],
    ["/root/.npm/_cacache", "npm ci", 'CMD ["npm", "install"]'],
  ])("stays where a container needs it: %s, %s, %s", async (folder, command, line) => {
    expect(await about([folder, `FROM a\nRUN ${command}\n${line}\n`])).toBe(undefined);
  });

  it.each([
    ["/root/.m2/repository", "mvn package", 'CMD ["java", "-jar", "a.jar"]'],
    ["/root/.cache/uv", "uv sync", 'CMD ["uv", "run", "a.py"]'],
    ["/root/.cache/pip", "pip install a", "ENV PIP_CACHE_DIR=/root/.cache/pip"],
    ["/root/.local/share/pnpm/store", "pnpm i", 'CMD ["pnpm", "start"]'],
    ["/root/.npm/_cacache", "npm ci", 'CMD ["npm", "start"]'],
    ["/root/.gradle/caches", "gradle build", "CMD /app/bin/gradle-app"],
  ])("is mounted where none does: %s, %s, %s", async (folder, command, line) => {
    expect(await about([folder, `FROM a\nRUN ${command}\n${line}\n`])).toBe(
      `RUN --mount=type=cache,target=${folder} ${command}`,
    );
  });

  it("stays where the base image starts what it is for", async () => {
    const maven = (end: string) =>
      about(["/root/.m2/repository", `FROM maven:3\nRUN mvn package\n${end}`]);
    expect(await maven("")).toBe(undefined);
    expect(await maven("CMD java -jar /a.jar\n")).toContain("--mount=type=cache");
    const text = "FROM maven:3 AS build\nRUN mvn package\nFROM a\nCOPY --from=build /a.jar /\n";
    expect(await about(["/root/.m2/repository", text])).toContain("--mount=type=cache");
  });

  it("stays where it has the packages themselves", async () => {
    const folder = "/root/.local/share/pnpm/store";
    const paths = [`${folder}/v10/links/@/a/1.0.0/index.js`];
    expect(await about([folder, "FROM a\nRUN pnpm i\n"], { paths })).toBe(undefined);
  });

  it("is deleted where a mount would take folders beside it from a user", async () => {
    const owned = (folder: string, line: string) =>
      about([folder, `FROM a\nUSER 7\n${line}\n`], { lines: [3], owner: "7:7" });
    expect(await owned("/home/a/.m2/repository", "RUN mvn package")).toBe(
      "Let line 3 delete `/home/a/.m2/repository` before it ends.",
    );
    expect(await owned("/home/a/.m2/repository", "RUN mvn package\nRUN mvn x")).toBe(undefined);
    for (const folder of [".cache/pip", ".cache/yarn", ".cache/go-build", ".npm/_cacache"]) {
      expect(await owned(`/home/a/${folder}`, "RUN ./install")).toBe(
        `Let line 3 delete \`/home/a/${folder}\` before it ends.`,
      );
    }
    expect(await owned("/var/cache/apt", "RUN apt-get update")).toContain("--mount=type=cache");
  });

  it.each([
    ["rm -rf /var/lib/apt/lists", true],
    ["rm -rf /var/lib/apt", true],
    ["rm -rf /var/lib/a*t", true],
    ["mv /var/lib/apt/lists /old", true],
    ["cd /var/lib/apt && rm -r $APT_CACHE", true],
    ["rm -rf /var/lib/apt/lists/*", false],
    ["rm -rf /var/lib/dpkg $GNUPG", false],
    ["ls /var/lib/apt/lists", false],
    ["mv /a /", false],
    ["mv /a /var/lib/apt/lists", false],
  ])("is not mounted where its own line deletes the folder: %s", async (command, isDeleted) => {
    const folder = "/var/lib/apt/lists";
    const run = `${command} && apt-get update`;
    expect(await about([folder, `FROM debian\nRUN ${run}\n`])).toBe(
      isDeleted
        ? "Let line 2 delete `/var/lib/apt/lists` once more, before it ends."
        : `RUN --mount=type=cache,target=${folder},sharing=locked ${run}`,
    );
  });

  it.each([
    ["COPY --from=build /root/.m2/repository/a.jar /", undefined],
    ["COPY --from=build /root/.m2/rep* /", undefined],
    ["RUN --mount=from=build,source=/root/.m2/repository,target=/m cp /m/a /", undefined],
    ["RUN --mount=from=build,target=/b cp /b/root/.m2/repository/a.jar /", undefined],
    ["RUN --mount=from=build,target=/b cp /b/app.jar /", "mounted"],
    ["RUN --mount=from=other,target=/b cp /b/root/.m2/repository/a.jar /", "mounted"],
    ["COPY --from=build /app/$NAME /", "mounted"],
  ])("stays where another stage takes some of it: %s", async (line, told) => {
    const text = `FROM a AS build\nRUN mvn package\nFROM b\n${line}\n`;
    const mounted = "RUN --mount=type=cache,target=/root/.m2/repository mvn package";
    expect(await about(["/root/.m2/repository", text])).toBe(told && mounted);
  });
});

describe("what is left for a while", () => {
  it.each([
    "COPY --from=build /tmp/out/app /usr/app",
    "COPY --from=build /tmp/out /usr/out",
    "COPY --from=build /tmp /usr/out",
    "COPY --from=build /tmp/* /usr/out/",
    "COPY --from=0 tmp/out /usr/out",
    "RUN --mount=type=bind,from=build,target=/b cp /b/tmp/out/app /usr/app",
    "RUN --mount=type=bind,from=build,source=/tmp,target=/b cp /b/out/app /usr/app",
    "FROM build\nRUN /tmp/out/app",
  ])("stays where another stage takes it: %s", async (line) => {
    const text = `FROM a AS build\nRUN make\nFROM b\n${line}\n`;
    const paths = ["/tmp/out/app"];
    expect(await about(["/tmp", text], { paths })).toBe(undefined);
  });

  it("is deleted as far as nobody takes it", async () => {
    const text = "FROM a AS build\nRUN make\nFROM b\nCOPY --from=build /tmp/out /usr/out\n";
    const deleting = "Let line 2 delete from `/tmp`, before it ends, what no other line needs";
    const paths = ["/tmp/out/b.so", "/tmp/log"];
    expect(await about(["/tmp", text], { paths, files: 2 })).toBe(
      `${deleting}, such as \`/tmp/log\`.`,
    );
    expect(await about(["/tmp", text], { paths: ["/tmp/out/b.so"], files: 9 })).toBe(
      `${deleting}.`,
    );
    const own = "FROM a\nRUN rm -rf /tmp && make\n";
    expect(await about(["/tmp", own], { paths: ["/tmp/log"] })).toBe(
      `${deleting}, such as \`/tmp/log\`.`,
    );
  });

  it("is deleted where it would take much memory", async () => {
    const of = (bytes: number) => about(["/tmp", "FROM debian\nRUN make\n"], { bytes });
    expect(await of(500_000_000)).toBe("RUN --mount=type=tmpfs,target=/tmp make");
    expect(await of(500_000_001)).toBe(
      "Let line 2 delete from `/tmp`, before it ends, what no other line needs, such as `/tmp/a`.",
    );
  });

  it("is mounted where other stages take something else", async () => {
    const text = "FROM a AS build\nRUN make\nFROM b\nCOPY --from=build /app /app\n";
    expect(await about(["/tmp", text])).toBe("RUN --mount=type=tmpfs,target=/tmp make");
  });
});
