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
  ])("is not to be left out of the build context: %s", async (line) => {
    const text = `FROM busybox\nCOPY . /app\n${line}\n`;
    expect(await advised(text, [context])).toEqual([]);
    expect(await advised(text, [large])).toEqual([]);
  });

  it("is not what only has such a name in it", async () => {
    const text = 'FROM busybox\nCOPY . /app\nCMD ["/app/testsuite"]\n';
    expect(await advised(text, [context])).toHaveLength(1);
  });
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
