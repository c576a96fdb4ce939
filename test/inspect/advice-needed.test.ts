import { describe, expect, it } from "vitest";
import { advised } from "./advised-dockerfile.ts";

describe("what a container needs", () => {
  const context = {
    rule: "context",
    lines: [2],
    subject: "tests",
    paths: ["/app/tests/a"],
  } as const;
  const large = {
    rule: "large-file",
    lines: [2],
    paths: ["/app/tests"],
    bytes: 9_000_000,
  } as const;

  it.each([
    'ENTRYPOINT ["/app/tests/entry.sh"]',
    "CMD /app/tests",
    "HEALTHCHECK CMD test -d /app/tests",
    "ENV LD_PRELOAD=/app/tests",
    "ENV PATH=/app/tests:$PATH",
    "CMD /app/tests|tee /log",
    "CMD ./tests>/log",
    'CMD ["tool","@tests"]',
  ])("is not to be left out of the build context: %s", async (line) => {
    const text = `FROM busybox\nCOPY . /app\n${line}\n`;
    expect(await advised(text, [context])).toEqual([]);
    expect(await advised(text, [large])).toEqual([]);
  });

  it.each(['CMD ["/app/testsuite"]', "ENV NODE_ENV=tests", "WORKDIR /tests"])(
    "is not what only has such a name in it: %s",
    async (line) => {
      const text = `FROM busybox\nCOPY . /app\n${line}\n`;
      expect(await advised(text, [context])).toHaveLength(1);
    },
  );
});

describe("a cache that other lines take", () => {
  const cache = {
    rule: "package-cache",
    lines: [2],
    subject: ".m2/repository",
    paths: ["/root/.m2/repository/a"],
  } as const;
  const made = "FROM maven AS made\nRUN mvn package\n";

  it.each([
    `${made}FROM maven\nCOPY --from=made /root/.m2 /root/.m2\n`,
    `${made}FROM maven\nCOPY --from=made /root/.m2/repository/ /m2\n`,
    `${made}FROM made AS more\nFROM maven\nCOPY --from=more /root/.m2 /root/.m2\n`,
    `${made}FROM made\nRUN cp -r /root/.m2/repository /m2\n`,
  ])("is not mounted: %j", async (text) => {
    expect(await advised(text, [cache], { stageName: "made" })).toEqual([]);
  });

  it.each([
    `${made}FROM maven\nCOPY --from=made /app /app\n`,
    `${made}FROM maven\nCOPY --from=maven /root/.m2 /root/.m2\n`,
    `${made}FROM made\nRUN rm -rf /root/.m2/repository\n`,
    `${made}FROM maven\nRUN cp -r /root/.m2/repository /m2\n`,
  ])("is, where they do not: %j", async (text) => {
    expect(await advised(text, [cache], { stageName: "made" })).toHaveLength(1);
  });
});

describe("a cache that a container uses", () => {
  it.each([
    [".m2/repository", "RUN mvn package", 'CMD ["mvn", "-o", "exec:java"]', true],
    [".m2/repository", "RUN mvn package", "ENTRYPOINT ./mvnw -o spring-boot:run", true],
    [".m2/repository", "RUN mvn package", "CMD java -cp /root/.m2/repository/a/a.jar a.Main", true],
    [".m2/repository", "RUN mvn package", "ENV CLASSPATH=/root/.m2/repository/a/a.jar", true],
    [".m2/repository", "RUN mvn package", 'CMD ["java", "-jar", "/app.jar"]', false],
    [".gradle/caches", "RUN gradle build", "CMD gradle --offline run", true],
    ["go/pkg/mod/cache", "RUN go mod download", 'CMD ["go", "run", "."]', true],
    ["go/pkg/mod/cache", "RUN go build -o /app .", 'CMD ["/app"]', false],
    [".cache/pip", "RUN pip install a", "ENV PIP_CACHE_DIR=/root/.cache/pip", false],
    [".npm/_cacache", "RUN npm ci", "CMD npm start", false],
    [".npm/_cacache", "RUN npm ci", "CMD npx --offline tool", true],
  ])("is not told as one that none does: %s, %s, %s", async (subject, run, line, isUsed) => {
    const paths = [`/root/${subject}/a`];
    const saving = { rule: "package-cache", lines: [2], subject, paths } as const;
    const text = `FROM debian AS made\n${run}\n${line}\n`;
    expect(await advised(text, [saving])).toHaveLength(isUsed ? 0 : 1);
    const below = `FROM debian AS made\n${run}\nFROM made\n${line}\n`;
    const ofHeir = await advised(below, [saving], { stageName: "made" });
    expect(ofHeir).toHaveLength(isUsed ? 0 : 1);
  });
});

it.each([
  ['ENTRYPOINT ["make"]', false],
  ['CMD ["make", "-C", "/srv", "serve"]', false],
  ["CMD /usr/bin/gcc -v", false],
  ["HEALTHCHECK CMD x86_64-linux-gnu-gcc-12 --version", false],
  ["CMD python3-config --cflags", false],
  ["CMD pip3 install -e . && python3 app.py", false],
  ['CMD ["python3", "/srv/make.py"]', true],
  ['CMD ["/srv/app", "--make"]', true],
])("tools to build with are to stay where a container starts them: %s", async (line, isTold) => {
  const saving = { rule: "build-tools", lines: [2], subject: "gcc, make, python3-dev" } as const;
  const text = `FROM debian\nRUN apt-get install -y gcc make python3-dev\n${line}\n`;
  expect(await advised(text, [saving])).toHaveLength(isTold ? 1 : 0);
});

describe("what needs the folder of Git", () => {
  const context = { rule: "context", lines: [3], subject: ".git", paths: ["/src/.git/a"] } as const;

  it.each([
    ["RUN apt-get install -y curl git build-essential", false],
    ["RUN apk add git make", false],
    ["RUN git clone https://example.com/x.git /x", false],
    ["RUN git --version", false],
    ["RUN curl https://github.com/octo/app > /app", false],
    ["RUN cat .gitignore", false],
    ["RUN git describe > /version", true],
    ["RUN make && GIT_DIR=.git git log -1", true],
    ["RUN echo $(git rev-parse HEAD)", true],
    ["RUN --network=none sudo git status", true],
    ["RUN if git rev-parse HEAD; then make; fi", true],
    ['RUN sh -c "git describe > v"', true],
    ['RUN ["git","describe"]', true],
    ["RUN { git describe; }", true],
    ["RUN /usr/bin/git describe", true],
    ["RUN <<EOF\ngit describe\nEOF", true],
  ])("is a command of it that looks at it: %s", async (line, isNeeded) => {
    const [advice] = await advised(`FROM debian\n${line}\nCOPY . /src\n`, [context]);
    const ignoring = "Write `**/.git` into `.dockerignore`.";
    expect(advice?.instead === ignoring).toBe(!isNeeded);
  });
});

describe("a copy that gives its files an owner or a mode", () => {
  const saving = { rule: "metadata-only", lines: [4, 5], owner: "7:7", isPartial: true } as const;

  it.each([
    ["COPY --from=made /app /app", "Do in stage `made` what line 5 does"],
    [
      "COPY --from=made --chown=0:0 /app /app",
      "Copy what line 5 changes by a line of its own, with `--chown=7:7`",
    ],
    [
      "COPY --chmod=600 --from=made /app /app",
      "Copy what line 5 changes by a line of its own, with `--chown=7:7`",
    ],
  ])("keeps none that they were given before: %s", async (copy, instead) => {
    const text = `FROM busybox AS made\nCOPY . /app\nFROM busybox\n${copy}\nRUN chown -R 7:7 /app/x\n`;
    const [advice] = await advised(text, [saving]);
    expect(advice?.instead.startsWith(instead)).toBe(true);
  });

  it("is written without that where another stage does what a line has changed", async () => {
    const text =
      "FROM busybox AS made\nCOPY . /app\nFROM busybox\nCOPY --from=made --chown=7 /app /app\nRUN strip /app/x\n";
    const [advice] = await advised(text, [{ rule: "overwritten-later", lines: [4, 5] }]);
    expect(advice?.instead).toBe(
      "Do what line 5 does in an earlier stage, and let line 4 copy the result from there, with `COPY --from`, without --chown and --chmod.",
    );
  });
});

it.each([
  ["", "stage `made`"],
  ['CMD ["/app/x"]\n', "a stage of its own on top of `made`"],
  ["FROM made AS other\nRUN true\n", "a stage of its own on top of `made`"],
])(
  "what is changed before it is copied is changed where nobody else has it: %j",
  async (more, where) => {
    const text = `FROM busybox AS made\nCOPY . /app\n${more}FROM busybox\nCOPY --from=made /app /app\nRUN strip /app/x\n`;
    const line = text.split("\n").length - 1;
    const [advice] = await advised(text, [{ rule: "overwritten-later", lines: [line - 1, line] }]);
    expect(advice?.instead).toContain(`Do what line ${line} does in ${where}, and let line`);
  },
);
