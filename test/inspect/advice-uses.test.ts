// Advice that knows what other lines need: it breaks no build.

import { describe, expect, it } from "vitest";
import { advised, type MadeUp } from "./advised-dockerfile.ts";

async function insteadOf(text: string, saving: MadeUp): Promise<readonly string[]> {
  return (await advised(text, [saving])).map(({ instead }) => instead);
}

describe("what the build context should not have", () => {
  const about = (subject: string, ...lines: readonly string[]) =>
    insteadOf(["FROM busybox", "COPY . /app", ...lines, ""].join("\n"), {
      ...{ rule: "context", lines: [2], subject },
    });
  const earlier = (line: number) => [
    `Copy it in an earlier stage, for what line ${line} does, and \`COPY --from\` that only what a container needs.`,
  ];

  it.each([
    [".git", "RUN git describe > version"],
    [".git", "RUN pip install setuptools-scm && pip install ."],
    ["tests", "RUN pytest"],
    ["tests", "RUN npm run test"],
    ["test", "RUN make check"],
    ["test", "RUN ./mvnw -B verify"],
    ["test", "RUN mvn clean package"],
    ["tests", "RUN ./gradlew --no-daemon build"],
    ["tests", "RUN npm run lint && npm run test:unit"],
    ["tests", 'RUN ["go", "test", "./..."]'],
    ["__tests__", "RUN yarn workspace app test"],
    ["docs", "RUN mkdocs build"],
    ["docs", "RUN cp -r docs /srv"],
    ["coverage", "RUN ./report --in=coverage/all"],
    ["docs", "RUN find docs -name '*.md' -exec cp {} /srv +"],
    ["docs", "RUN find docs -name '*.md' -delete"],
    ["docs", "RUN find . -path './docs/*' -exec cp {} /srv + -exec rm {} +"],
  ])("is not ignored where a line needs it: %s, %s", async (subject, line) => {
    expect(await about(subject, line)).toEqual(earlier(3));
  });

  it.each([
    [".git", "RUN git clone https://example.com/a"],
    [".git", "RUN rm -rf .git"],
    ["tests", "RUN npm run build && rm -fr tests"],
    ["docs", "RUN find . -name docs -exec rm -r {} +"],
    ["docs", "RUN rm /tmp/*.tar"],
    ["docs", 'RUN rm "node-v$VERSION-${ARCH}.tar.xz"'],
    ["docs", "RUN find . -name docs -delete"],
    ["*.map", "RUN npm run build"],
    ["test", "RUN ./mvnw -DskipTests package"],
    ["test", "RUN ./gradlew build -x test"],
    ["tests", "RUN ./gradlew assemble"],
    ["tests", "RUN pip install pytest"],
  ])("is ignored where a line only seems to: %s, %s", async (subject, line) => {
    expect(await about(subject, line)).toEqual([`Write \`**/${subject}\` into \`.dockerignore\`.`]);
  });

  it.each([
    ["tests", "RUN ./build.sh", true],
    [".git", "RUN make", true],
    ["docs", "RUN sh scripts/build", true],
    [".git", "RUN ./mvnw -DskipTests package", true],
    ["tests", "RUN ./mvnw -DskipTests package", false],
    ["*.map", "RUN make", false],
    [".git", "RUN apt-get install -y make git", false],
  ])("is told with the line that may use it unseen: %s, %s", async (subject, line, isTold) => {
    const text = `FROM busybox\nCOPY . /app\n${line}\n`;
    const [advice] = await advised(text, [{ rule: "context", lines: [2], subject }]);
    const look = "Look first whether what line 3 runs uses it: the Dockerfile does not say.";
    expect(advice?.message.includes(look)).toBe(isTold);
  });

  it("is not ignored where a container runs the tests", async () => {
    const saving = { rule: "context", lines: [2], subject: "tests" } as const;
    const own = 'FROM python\nCOPY . /app\nCMD ["pytest"]\n';
    expect(await insteadOf(own, saving)).toEqual([]);
    const other = `FROM python AS base\nCOPY . /app\nFROM base AS check\nCMD ["pytest"]\nFROM base\n`;
    expect(await insteadOf(other, saving)).toEqual(earlier(4));
  });

  it.each([
    ["tests", "COPY tests /tests"],
    ["docs", "ADD web/docs/manual.pdf /srv/"],
    ["*.map", "COPY dist/main.js.map /srv/"],
    ["docs", "COPY do?s /srv/"],
  ])("is not ignored where a line copies it by its name: %s, %s", async (subject, line) => {
    expect(await about(subject, line)).toEqual([]);
    expect(await about(subject, line.replace(/^\w+/, "COPY --from=other"))).toHaveLength(1);
  });

  it.each([
    ["tests", "RUN npm run build && rm -r tests", "tests"],
    [".git", "RUN rm -r /app/.git /tmp/a", "/app/.git"],
    ["docs", "RUN rm docs/manual.pdf", "docs/manual.pdf"],
    ["*.map", "RUN rm dist/main.js.map", "dist/main.js.map"],
  ])("is told with the deletion that would fail then: %s, %s", async (subject, line, operand) => {
    const text = `FROM busybox\nCOPY . /app\n${line}\n`;
    const [advice] = await advised(text, [{ rule: "context", lines: [2], subject }]);
    expect(advice?.instead).toBe(`Write \`**/${subject}\` into \`.dockerignore\`.`);
    expect(advice?.message).toContain(
      `Leave \`${operand}\` out of what line 3 deletes, which would fail without it.`,
    );
  });

  it.each([
    ["docs", "RUN rm -r /app/do*"],
    ["docs", "RUN rm -r /app/{docs,tests}"],
    ["docs", "RUN rm -r /app/$DOCS"],
    ["docs", "RUN rm -r '/app/docs'"],
    ["*.map", "RUN rm dist/*.map"],
    ["node_modules", "RUN npm ci && npm run build && rm -r node_modules"],
  ])("is not told where a deletion may fail then: %s, %s", async (subject, line) => {
    expect(await about(subject, line)).toEqual([]);
  });

  it("is not ignored where it is copied on from the stage that has it", async () => {
    const copied = (source: string) =>
      insteadOf(
        ["FROM busybox AS build", "COPY . /src", "FROM busybox", "COPY . /app", source].join("\n"),
        { rule: "context", lines: [4], subject: "docs" },
      );
    expect(await copied("COPY --from=build /src/docs /srv")).toEqual([]);
    expect(await copied("COPY --from=0 /src/docs /srv")).toEqual([]);
    expect(await copied("COPY --from=build /src/app /srv")).toHaveLength(1);
    expect(await copied("COPY --from=nginx /src/docs /srv")).toHaveLength(1);
  });

  it("is needed by lines of other stages as well", async () => {
    const text = "FROM busybox AS one\nRUN --mount=target=. pytest\nFROM busybox\nCOPY . /app\n";
    const saving = { rule: "context", lines: [4], subject: "tests" } as const;
    expect(await insteadOf(text, saving)).toEqual(earlier(2));
  });

  it("is told with the line that takes it away, and what that leaves is told by itself", async () => {
    const text = "FROM busybox\nCOPY . /app\nRUN rm -r /app/.git /app/large\n";
    const dead = { lines: [2, 3] };
    const all: readonly MadeUp[] = [
      { ...dead, rule: "deleted-later", bytes: 5_000_000, paths: ["/app/.git/a"], files: 2 },
      { ...dead, rule: "context", subject: ".git", bytes: 3_000_000, paths: ["/app/.git/a"] },
      { ...dead, rule: "deleted-later", bytes: 2_000_000, isRest: true },
    ];
    const advice = await advised(text, all);
    expect(advice.map(({ bytes, message }) => [bytes, message])).toEqual([
      [
        3_000_000,
        "Line 2 copies `.git` out of the build context, and line 3 takes it away, but the layer still carries it. Leave `/app/.git` out of what line 3 deletes, which would fail without it.",
      ],
      [
        2_000_000,
        "Line 3 deletes what line 2 wrote, but that layer still carries it. Leave `/app/large` out of what line 3 deletes, which would fail without it.",
      ],
    ]);
    const [whole, ...others] = await advised(text.replace("COPY .", "COPY --from=a /a"), all);
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ rule: "deleted-later", bytes: 5_000_000 });
  });

  it("is told with the rest where it is too little to be told by itself", async () => {
    const text = "FROM busybox\nCOPY . /app\nRUN rm -rf /app\n";
    const dead = { lines: [2, 3], paths: ["/app/.git/a"] };
    const advice = await advised(text, [
      { ...dead, rule: "deleted-later", bytes: 180_000, files: 2 },
      { ...dead, rule: "context", subject: ".git", bytes: 90_000 },
      { ...dead, rule: "deleted-later", bytes: 90_000, isRest: true },
    ]);
    expect(advice.map(({ rule, bytes }) => [rule, bytes])).toEqual([["deleted-later", 180_000]]);
  });

  it("is told once where it took the place of packages that a line had installed", async () => {
    const text = "FROM node\nRUN npm ci\nCOPY . .\n";
    const paths = ["/node_modules/a/b.js"];
    expect(await insteadOf(text, { rule: "metadata-only", lines: [2, 3], paths })).toEqual([]);
    expect(await insteadOf(text, { rule: "overwritten-later", lines: [2, 3], paths })).toEqual([]);
    const others = ["/node_modules/a/b.js", "/index.js"];
    const overwritten = { rule: "overwritten-later", lines: [2, 3], paths: others } as const;
    expect(await insteadOf(text, overwritten)).toHaveLength(1);
  });
});

describe("what comes from the build context by way of another stage", () => {
  const about = async (subject: string, file: string, ...build: readonly string[]) => {
    const lines = [
      "FROM busybox AS build",
      ...build,
      "FROM busybox",
      "COPY --from=build /app /srv",
    ];
    const saving = { rule: "context", lines: [lines.length], subject, paths: [file] } as const;
    return await advised(`${lines.join("\n")}\n`, [saving]);
  };

  it.each([
    ["/srv/.git/pack", ["COPY . /app"]],
    ["/srv/.git/pack", ["WORKDIR /app", "COPY . ."]],
    ["/srv/web/.git/pack", ["COPY . /app/", "RUN make -C /app"]],
  ])("is to be ignored there: %s", async (file, build) => {
    expect(await about(".git", file, ...build)).toMatchObject([
      {
        message: expect.stringMatching(
          /^Line \d copies `\.git` from stage `build`, which has it by line [23] out of the build context: a program seldom needs it to run\./,
        ),
        instead: "Write `**/.git` into `.dockerignore`.",
      },
    ]);
  });

  it("is found through stages between", async () => {
    const lines = [
      "FROM busybox AS sources",
      "COPY . /src",
      "FROM busybox AS build",
      "COPY --from=sources /src /app",
      "FROM busybox",
      "COPY --from=build /app /app",
    ];
    const saving = {
      rule: "context",
      lines: [6],
      subject: "docs",
      paths: ["/app/docs/a"],
    } as const;
    const [advice] = await advised(`${lines.join("\n")}\n`, [saving]);
    expect(advice?.message).toMatch(/from stage `build`, which has it by line 2 out of/);
    expect(advice?.message).toMatch(/What else is called `docs` there goes too\.$/);
  });

  it("stays where a line needs it", async () => {
    expect(await about(".git", "/srv/.git/a", "COPY . /app", "RUN git describe")).toMatchObject([
      {
        instead:
          "Leave it in stage `build`, for what line 3 does, and copy from there only what a container needs.",
      },
    ]);
  });

  it.each([
    [".git", "/srv/.git/a", ["RUN git clone https://example.com/a /app"]],
    [".git", "/srv/.git/a", ["COPY . /app", "RUN git clone https://example.com/a /app/b"]],
    [".git", "/srv/.git/a", ["COPY . /other"]],
    [".git", "/srv/.git/a", ["COPY --from=another /app /app"]],
    ["*.map", "/srv/a.map", ["COPY . /app"]],
    ["coverage", "/srv/coverage/a", ["COPY . /app"]],
  ])("is none that may have been made there: %s %s %j", async (subject, file, build) => {
    expect(await about(subject, file, ...build)).toEqual([]);
  });
});

describe("a cache", () => {
  const about = async (folder: string, ...lines: readonly string[]) => {
    const text = ["FROM debian", ...lines, ""].join("\n");
    const paths = [`${folder}/a`];
    const [advice] = await advised(text, [
      { rule: "package-cache", lines: [2], subject: folder, paths },
    ]);
    return [advice?.instead, advice?.message.replace(/^.*?\.(?: |$)/, "")];
  };

  it("of apt is used by one line at a time", async () => {
    expect(await about("/var/lib/apt/lists", "RUN apt-get update && apt-get install a")).toEqual([
      "RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
      "",
    ]);
  });

  it("is mounted by the lines too that use it later", async () => {
    const lists = "/var/lib/apt/lists";
    const [, told] = await about(lists, "RUN apt-get update", "RUN apt-get install -y a");
    expect(told).toBe("Line 3 uses it too: give it the same mount, and `apt-get update`.");
    const updating = "RUN apt-get update && apt-get install -y a";
    expect((await about(lists, "RUN apt-get update", updating))[1]).toBe(
      "Line 3 uses it too: give it the same mount.",
    );
    const maven = ["RUN mvn dependency:resolve", "COPY . .", "RUN mvn package", "RUN mvn x"];
    expect((await about("/root/.m2/repository", ...maven))[1]).toBe(
      "Lines 4 and 5 use it too: give them the same mount.",
    );
  });

  it.each([
    ["USER node", "RUN npm ci", false],
    ["USER 1000:1000", "RUN npm ci", false],
    ["USER 0:0", "RUN npm ci", true],
    ["USER $WHO", "RUN npm ci", true],
    ["USER node", "RUN sudo npm ci", true],
    ["USER node", "RUN npm ci --cache /root/.npm", true],
    ["USER node\nENV HOME=/root", "RUN npm ci", true],
    ["USER node\nUSER root", "RUN npm ci", true],
    ["WORKDIR /a", "RUN npm ci && rm -rf /root/.npm", false],
    ["WORKDIR /a", "RUN rm -rf /root/.npm/_cacache/* && npm ci", true],
  ])("is not used by lines that have another, or leave none: %s, %s", async (way, line, isUsed) => {
    const [, told] = await about("/root/.npm/_cacache", "RUN npm ci", way, line);
    expect(told?.includes("uses it too")).toBe(isUsed);
  });

  it("is not told of the line that only changed whom it belongs to", async () => {
    expect(await about("/home/a/.cache/pip", "RUN chown -R 7 /home/a")).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each([
    ["/root/.m2/repository", "RUN mvn dependency:go-offline", "RUN mvn -B -o package"],
    ["/root/.m2/repository", "RUN mvn dependency:go-offline", 'RUN ["./mvnw", "-o", "package"]'],
    ["/root/.m2/repository", "RUN mvn dependency:go-offline", "ENV MAVEN_ARGS=-o", "RUN mvn x"],
    ["/root/.gradle/caches", "RUN gradle dependencies", "RUN cd a && gradle --offline build"],
    ["/root/.cargo/registry", "RUN cargo fetch", "RUN cargo build --offline"],
    ["/root/.cargo/registry", "RUN cargo fetch", "RUN cargo build --frozen"],
    ["/root/.cargo/registry", "RUN cargo fetch", "ENV CARGO_NET_OFFLINE=true", "RUN make"],
    ["/root/go/pkg/mod/cache", "RUN go mod download", "RUN GOPROXY=off go build"],
    ["/root/go/pkg/mod/cache", "RUN go mod download", "ENV GOPROXY=off", "RUN go build"],
    ["/root/.npm/_cacache", "RUN npm ci", "RUN npm --offline ci"],
    ["/root/.npm/_cacache", "RUN npm ci", "RUN npm config set offline true", "RUN npm ci"],
    ["/usr/local/share/.cache", "RUN yarn", "RUN yarn install --offline"],
    ["/root/.cache/uv", "RUN uv pip install a", "RUN uv pip install --offline a"],
    ["/root/.cache/uv", "RUN uv sync", "RUN uv sync --offline"],
    ["/root/.cache/uv", "RUN uv sync", "ENV UV_OFFLINE=1", "RUN uv run a"],
    ["/root/.cache/composer", "RUN composer i", "RUN COMPOSER_DISABLE_NETWORK=1 composer i"],
    ["/var/cache/apt", "RUN apt-get install -dy a", "RUN apt-get install --no-download a"],
    ["/var/cache/apk", "RUN apk add --cache-dir /var/cache/apk a", "RUN --network=none apk add a"],
    ["/root/go/pkg/mod/cache", "RUN go mod download", "RUN --network=none make"],
    ["/root/.m2/repository", "COPY --from=a /root/.m2 /root/.m2", "RUN mvn -o package"],
  ])("stays where a later line could not have it anew: %s, %s, %s", async (folder, ...lines) => {
    expect(await about(folder, ...lines)).toEqual([undefined, undefined]);
  });

  it.each([
    ["/root/.m2/repository", "RUN mvn package", "RUN curl -o a b && mvn x"],
    ["/root/.cache/uv", "RUN uv sync", "RUN uv sync --frozen"],
    ["/root/.npm/_cacache", "RUN npm ci", "RUN npm ci --prefer-offline"],
    ["/root/.cache/pip", "RUN pip install a", "RUN pip install --no-index -f /wheels b"],
    ["/root/.npm/_cacache", "RUN npm ci", "RUN cargo build --offline"],
    ["/root/.npm/_cacache", "RUN npm ci --offline", "RUN npm ci"],
    ["/root/.npm/_cacache", "RUN npm ci", "ENV GOPROXY=off", "RUN npm ci"],
    ["/root/.npm/_cacache", "RUN npm ci", "RUN --network=none chown -R a /a"],
    ["/root/.cargo/registry", "RUN cargo b", "RUN pnpm i --frozen-lockfile && cargo b"],
    ["/root/.cargo/registry", "RUN cargo b", "FROM a", "RUN cargo b --offline"],
  ])("is mounted where all later lines could: %s, %s, %s", async (folder, ...lines) => {
    const text = ["FROM debian AS made", ...lines, ""].join("\n");
    const saving = { rule: "package-cache", lines: [2], subject: folder } as const;
    const paths = [`${folder}/a`];
    const [advice] = await advised(text, [{ ...saving, paths }], { stageName: "made" });
    expect(advice?.instead).toContain(`--mount=type=cache,target=${folder}`);
  });

  it("in a folder for temporary files stays where another line names that", async () => {
    expect(await about("/tmp", "RUN make")).toEqual([
      "RUN --mount=type=tmpfs,target=/tmp make",
      "",
    ]);
    expect(await about("/tmp", "RUN make", "RUN cat /tmp/log")).toEqual([
      "Let line 2 delete from `/tmp`, before it ends, what no other line needs, such as `/tmp/a`.",
      "Line 3 names it too.",
    ]);
  });

  it("is mounted in front of a command in any form", async () => {
    const mount = "--mount=type=cache,target=/root/.cache/pip";
    const folder = "/root/.cache/pip";
    expect((await about(folder, 'RUN ["pip", "install", "a"]'))[0]).toBe(
      `RUN ${mount} ["pip", "install", "a"]`,
    );
    expect((await about(folder, "RUN <<EOF\npip install a\nEOF"))[0]).toBe(`RUN ${mount} <<EOF …`);
  });
});
