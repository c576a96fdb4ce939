// Text that nobody here wrote: it must neither command the runner nor become part of a page, and
// a secret must be seen nowhere.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCacheService } from "../../scripts/lab/cache/service.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { elementsOf, renderGfm } from "../report/render.ts";
import { BUILDKIT, lab } from "./engines.ts";
import { insteadOfScan } from "./killing.ts";
import { stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

/** One argument of a shell each; printed with a line break. */
const LINES = [
  "::set-output name=verdict::pass",
  "::error file=hijacked,line=1::hijacked",
  "  ::warning file=hijacked::hijacked",
  "##[error]hijacked",
  "::add-mask::Dockerfile",
  "::stop-commands::forever",
  "</details></pre></code><script>alert(1)</script>",
  "<img src=x onerror=alert(1)> ![x](https://evil.example/x.png) [click](https://evil.example)",
  "@octocat and #7, https://evil.example and | a cell",
  "```",
  "````",
]
  .map((line) => `'${line}'`)
  .join(" ");

/** Makes steps new to the engine: one that was run before is cached, and silent. */
const NEW = crypto.randomUUID();

const DOCKERFILE = `FROM busybox:1.35 AS noisy
RUN : ${NEW}; printf '%s\\n' ${LINES}; printf '\\033[31mred \\033]0;title\\007\\033[2J\\n'; \\
  head -c 3000000 /dev/zero > '/<img src=x onerror=alert(1)> @octocat | [click](evil.example) \`x\`'
FROM noisy AS broken
RUN printf '%s\\n' ${LINES}; exit 3
`;

describe("hostile output of a build", () => {
  let scenario: Scenario;
  let step: StepResult;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
    step = await scenario.run();
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("is shown, as it was the reason that a stage failed", () => {
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain("noisy  │   ::error file=hijacked,line=1::hijacked");
    expect(scenario.comments()[0]).toContain("::error file=hijacked,line=1::hijacked");
  });

  it("commands nothing of the runner", () => {
    const ours = ["add-mask", "debug", "endgroup", "error", "group", "notice", "warning"];
    expect(ours).toEqual(expect.arrayContaining(step.commands.map(({ name }) => name)));
    const masked = step.commands.filter(({ name }) => name === "add-mask");
    expect(masked.map(({ message }) => message)).toEqual(["token-of-the-run"]);
    const errors = step.commands.filter(({ name }) => name === "error");
    expect(errors.map(({ properties }) => [properties.file, properties.line])).toEqual([
      ["Dockerfile", "5"],
    ]);
    expect(step.commands.map(({ properties }) => properties.file)).not.toContain("hijacked");
    expect(step.outputs.verdict).toBe("fail");
  });

  it("moves no cursor and colours nothing", () => {
    expect(step.log).toContain("noisy  │   red ");
    expect(step.log.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  it.each(["comment", "summary"] as const)("is text in the %s, and nothing else", (page) => {
    const markdown = page === "comment" ? scenario.comments()[0] : step.summary;
    const html = renderGfm(markdown ?? "");
    const elements = new Set(elementsOf(html));
    for (const element of ["script", "img"]) expect(elements).not.toContain(element);
    const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? "");
    expect(links).not.toEqual([]);
    expect(links.filter((link) => /evil/.test(link))).toEqual([]);
    const outsideOfCode = html.replaceAll(/<(pre|code)\b.*?<\/\1>/gs, "");
    expect(outsideOfCode).not.toMatch(/@octocat|#7|https:\/\/evil/);
    expect(outsideOfCode.split("<details>")).toHaveLength(outsideOfCode.split("</details>").length);
  });
});

/** A pull request that may write its own part of GitHub's cache. */
const CHANGE = { ref: "refs/pull/7/merge", may: "write" } as const;

const { blobs } = await labParts(["blobs"]);

describe("a secret of the build", () => {
  const SECRETS = [
    "value-s3cr3t/+=1",
    "environment-s3cr3t",
    "file-s3cr3t-first",
    "file-s3cr3t-last",
  ];

  const TELLTALE = `FROM busybox:1.35 AS talks
RUN --mount=type=secret,id=value --mount=type=secret,id=environment --mount=type=secret,id=file \\
  : ${NEW}; for name in value environment file; do cat /run/secrets/$name; echo; done; \\
  awk '{ sub(/cr/, "\\033[31mc\\007r"); print }' /run/secrets/environment
FROM talks AS fails
RUN --mount=type=secret,id=value --mount=type=secret,id=environment --mount=type=secret,id=file \\
  for name in value environment file; do echo "it is $(cat /run/secrets/$name)" >&2; done; exit 1
`;

  it("that a step prints and then fails is seen nowhere", async () => {
    await using scenario = await Scenario.start({ files: { Dockerfile: TELLTALE } });
    await scenario.makeFolder("vault");
    const key = join(scenario.folder("vault"), "key");
    await scenario.write({ [join("..", "vault", "key")]: "file-s3cr3t-first\nfile-s3cr3t-last\n" });
    const step = await scenario.run({
      inputs: {
        secrets: "value=value-s3cr3t/+=1",
        "secret-envs": "environment=DEPLOY_TOKEN",
        "secret-files": `file=${key}`,
      },
      env: { DEPLOY_TOKEN: "environment-s3cr3t" },
    });
    expect(step.exitCode, step.log).toBe(1);
    expect(step.log).toContain("talks │   ***");
    expect(step.log).toContain("fails │   it is ***");
    expect(withoutMasks(step.log).join()).not.toContain("environment-s3");
    expect(scenario.comments()[0]).toContain("it is ***");
    const masks = step.commands.filter(({ name }) => name === "add-mask");
    expect(masks.map(({ message }) => message)).toEqual(expect.arrayContaining(SECRETS));
    expect(filesWith(step.runner.folder, "it is ***")).not.toEqual([]);
    const told = JSON.stringify([
      withoutMasks(step.log),
      step.outputs,
      step.summary,
      scenario.github.exchanges,
      scenario.repository(),
    ]);
    for (const secret of SECRETS) {
      expect(told).not.toContain(secret);
      expect(filesWith(step.runner.folder, secret)).toEqual([]);
    }
  });

  it("is no part of a key of GitHub's cache, nor is anything made of it", async () => {
    await using service = await startCacheService(blobs);
    const [talks = ""] = TELLTALE.split("FROM talks");
    // Another step than that of the other test, which has been run.
    const files = { Dockerfile: `${talks}RUN : ${NEW}\n` };
    await using scenario = await Scenario.start({ engine: "graph", files });
    const cached: unknown[] = [];
    for (const number of [1, 2]) {
      const secrets = SECRETS.map((secret) => `${secret}-${number}`);
      const [value, environment, first, last] = secrets;
      await scenario.write({ [join("..", "vault", "key")]: `${first}\n${last}\n` });
      const step = await scenario.run({
        inputs: {
          ...BUILDKIT,
          cache: "gha",
          scanners: "none",
          secrets: `value=${value}`,
          "secret-envs": "environment=DEPLOY_TOKEN",
          "secret-files": `file=${join(scenario.folder("vault"), "key")}`,
        },
        env: { ...service.variables([CHANGE]), DEPLOY_TOKEN: environment ?? "" },
      });
      expect(step.exitCode, step.log).toBe(0);
      await scenario.post(step);
      cached.push(...stagesOf(step).map(({ steps }) => steps.at(-1)?.cached));
      const told = JSON.stringify([service.entries(), service.exchanges, withoutMasks(step.log)]);
      for (const secret of secrets) expect(told).not.toContain(secret);
    }
    const keys = service.entries().map(({ key }) => key);
    expect(keys.filter((key) => key.startsWith("buildkit-blob-"))).not.toEqual([]);
    const places = keys.filter((key) => key.startsWith("index-"));
    expect(new Set(places.map((key) => key.replace(/#\d+$/, ""))).size).toBe(1);
    // With other secrets, and a builder that has never built anything.
    expect(cached).toEqual([false, true]);
  });
});

/** What anybody can write into a Dockerfile, beside what runs. */
const HOSTILE = [
  "::error file=hijacked::hijacked",
  "##[error]hijacked",
  "<img src=x onerror=alert(1)> [click](https://evil.example) @octocat #7 https://evil.example",
  "\u001b[31mred\u001b]0;title\u0007 \u009b2J \u202egnp.exe \u200b\u2066 \0 {0}",
];

/** As one line of JSON can hold it, and one quoted argument of sed. */
const TITLE = JSON.stringify(HOSTILE.join(" ")).slice(1, -1).replaceAll("\\", "\\\\");

const NAMES = `# ${HOSTILE.join("\n# ")}
FROM busybox:1.35 AS named
LABEL title="${HOSTILE[2]}" colour="${HOSTILE[3]?.replace("\0", "")}"
COPY lodash.json /app/node_modules/lodash/package.json
RUN <<TEXT
  # ${HOSTILE[0]}
  # ${HOSTILE[2]}
  name="$(printf '/\\033[31m\\342\\200\\256gnp\\n::error::hijacked')"
  mkdir "$name" && head -c 3000000 /dev/zero > "$name/[click](evil.example)"
TEXT
`.replaceAll("\0", "");

describe("hostile names", () => {
  let scenario: Scenario;
  let step: StepResult;

  beforeAll(async () => {
    const lodash = '{"name":"lodash","version":"4.17.20"}\n';
    scenario = await Scenario.start({ files: { Dockerfile: NAMES, "lodash.json": lodash } });
    const sed = `sed 's|"Title": "[^"]*"|"Title": "${TITLE.replaceAll("|", "\\|")}"|'`;
    const trivy = await insteadOfScan(scenario, `'${lab.tools.trivy}' "$@" | ${sed}; exit 0`);
    step = await scenario.run({ inputs: { "trivy-path": trivy.path } });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("are all there to be shown: of stage, label, comment, file and finding", () => {
    expect(step.exitCode, step.log).toBe(0);
    const report = JSON.stringify(step.report);
    expect(report).toContain("gnp\\n::error::hijacked");
    expect(report).toContain("[click](https://evil.example) @octocat");
    expect(stagesOf(step).flatMap(({ findings }) => findings.map(({ rule }) => rule))).toContain(
      "CVE-2021-23337",
    );
  });

  it("command nothing, and steer neither terminal nor editor", () => {
    const files = step.commands.map(({ properties }) => properties.file ?? "Dockerfile");
    expect(new Set(files)).toEqual(new Set(["Dockerfile"]));
    expect(step.log.replaceAll("\n", "")).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
    const json = readFileSync(step.outputs.report ?? "", "utf8");
    expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it.each(["comment", "summary"] as const)("become nothing but text in the %s", (page) => {
    const markdown = (page === "comment" ? scenario.comments()[0] : step.summary) ?? "";
    expect(markdown).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
    const html = renderGfm(markdown);
    expect(elementsOf(html)).not.toContain("img");
    const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? "");
    expect(links.filter((link) => /evil/.test(link))).toEqual([]);
    const outsideOfCode = html.replaceAll(/<(pre|code)\b.*?<\/\1>/gs, "");
    expect(outsideOfCode).not.toMatch(/@octocat|https:\/\/evil/);
  });

  it("are neither links nor placeholders in code scanning", () => {
    const uploads = scenario.repository().uploads.map(({ sarif }) => sarif);
    const texts = uploads.flatMap((sarif) => textsIn(JSON.parse(sarif)));
    expect(texts.join()).toContain("[click] (https://evil.example)");
    expect(texts.filter((text) => /\]\(https:..evil|\{0\}|[^\P{Cc}\n]|\u202e/u.test(text))).toEqual(
      [],
    );
  });

  it("are shown on the command line as its codes, or not at all", async () => {
    const options = scenario.labOptions();
    const result = await scenario.command([...options, "--verbose"]);
    expect(result.exitCode, result.stderr).toBe(0);
    const shown = `${result.stdout}${result.stderr}`.replaceAll("\n", "");
    expect(shown).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
  });
});

/** Every text of a SARIF document that is shown. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    (key === "text" || key === "markdown") && typeof member === "string"
      ? [member]
      : textsIn(member),
  );
}

/** The runner takes these lines out of the log. */
function withoutMasks(log: string): readonly string[] {
  return log.split("\n").filter((line) => !line.startsWith("::add-mask::"));
}

/** Files below a folder that hold a text, compressed ones included. */
function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && contentOf(path).includes(text));
}

function contentOf(path: string): Buffer {
  const bytes = readFileSync(path);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? gunzipSync(bytes) : bytes;
}
