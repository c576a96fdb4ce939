// Trivy, Hadolint and Trivy's database as the action itself fetches, checks and keeps them: the real
// programs, from a release page on loopback.

import { readdir, rm, truncate } from "node:fs/promises";
import { createServer, type RequestListener, request as startRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CacheService, startCacheService } from "../../scripts/lab/cache/service.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { openReleasePage } from "../tools/release-page.ts";
import { lab } from "./engines.ts";
import { temporaryFolders, when } from "./killing.ts";
import { stageOf } from "./reading.ts";
import { HADOLINT, packRelease, type Release, TRIVY } from "./release.ts";
import { Scenario, type StepResult } from "./scenario.ts";

const FILES = {
  Dockerfile: "FROM busybox:1.35 AS app\nCOPY lodash.json /app/node_modules/lodash/package.json\n",
  "lodash.json": '{"name":"lodash","version":"4.17.20"}\n',
};
const RULES = ["CVE-2021-23337", "CVE-2020-28500"];
const GOALS = "app:\n  fail-on-severity: critical";

let release: Release;
beforeAll(async () => {
  release = await packRelease();
});
afterAll(() => release[Symbol.asyncDispose]());

function rulesOf(step: StepResult): readonly string[] {
  return stageOf(step, "app").findings.map(({ rule }) => rule);
}

describe("tools that are not named", () => {
  it("are fetched once, checked on every run, and fetched again when they were changed", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    await using page = await openReleasePage(release.whole);
    const inputs = release.inputs(page.url);
    const first = await scenario.run({ inputs });
    expect(first.exitCode, first.log).toBe(0);
    expect(first.report?.tools).toMatchObject({ trivy: "0.73.0", hadolint: "2.15.1" });
    expect(rulesOf(first)).toEqual(RULES);
    expect(page.requests.toSorted()).toEqual([TRIVY, HADOLINT, "/objects/trivy"]);

    const second = await scenario.run({ inputs });
    expect(rulesOf(second)).toEqual(RULES);
    expect(page.requests).toHaveLength(3);

    const tools = join(first.runner.folder, "_tool", "weighbridge", "tools");
    const hadolint = (await readdir(tools)).find((name) => name.startsWith("hadolint-")) ?? "";
    await truncate(join(tools, hadolint, "hadolint"), 1000);
    const third = await scenario.run({ inputs });
    expect(third.report?.tools).toMatchObject({ trivy: "0.73.0", hadolint: "2.15.1" });
    expect(page.requests.slice(3)).toEqual([HADOLINT]);
  });

  it("are waited for where the page asks for it", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    let isBusy = true;
    const answer = release.withTrivy((request, response) => {
      if (!isBusy) return release.whole(request, response);
      isBusy = false;
      response.writeHead(429, { "retry-after": "1" }).end();
    });
    await using page = await openReleasePage(answer);
    const step = await scenario.run({ inputs: release.inputs(page.url) });
    expect(step.exitCode, step.log).toBe(0);
    expect(rulesOf(step)).toEqual(RULES);
  });

  it("are refused as an input where nobody says their hash, or they carried malware", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    const inputs = {
      "trivy-path": "",
      "hadolint-path": "",
      "trivy-version": "0.69.4",
      "trivy-sha256": "0".repeat(64),
      "hadolint-version": "2.14.0",
    };
    const step = await scenario.run({ inputs });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain("trivy 0.69.4 is a release that carried malware");
    expect(step.log).toContain(
      '"2.14.0" is not the pinned 2.15.1, so hadolint-sha256 must say the SHA-256',
    );
    expect(step.report).toBeUndefined();
  });
});

describe("what cannot be had", () => {
  // They wait to ask again more than they work, so all of them wait together.
  it.concurrent.each<{ what: string; answer: RequestListener; reason: string }>([
    {
      what: "is not there",
      answer: (_request, response) => response.writeHead(404).end(),
      reason: "was refused: 404 Not Found",
    },
    {
      what: "has other bytes",
      answer: (_request, response) => response.end("#!/bin/sh\necho Version: 0.73.0\n"),
      reason: "has the SHA-256 ",
    },
    {
      what: "breaks off",
      answer: (_request, response) => {
        response.writeHead(200, { "content-length": 50_000_000 });
        response.write(Buffer.alloc(1000), () => response.destroy());
      },
      reason: "could not be downloaded: aborted",
    },
    {
      what: "is asked for too often",
      answer: (_request, response) => response.writeHead(429, { "retry-after": "3600" }).end(),
      reason: "was refused: 429 Too Many Requests",
    },
  ])(
    "is Trivy, where its file $what: what it finds is unchecked, and a goal on it fails",
    async (one) => {
      await using scenario = await Scenario.start({ files: FILES });
      await using page = await openReleasePage(release.withTrivy(one.answer));
      const step = await scenario.run({ inputs: { ...release.inputs(page.url), goals: GOALS } });
      expect(step.exitCode).toBe(1);
      expect(step.outputs.verdict).toBe("unknown");
      expect(stageOf(step, "app").scan).toMatchObject({
        status: "unavailable",
        reason: expect.stringContaining(one.reason),
      });
      expect(step.report?.tools).not.toHaveProperty("trivy");
      expect(step.report?.tools).toMatchObject({ hadolint: "2.15.1" });
    },
  );

  it.concurrent("is the database, where its source is asked too often: nothing is checked", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    await using source = await openSource((_request, response) => {
      const error = { code: "TOOMANYREQUESTS", message: "retry later" };
      response.writeHead(429, { "content-type": "application/json" });
      response.end(JSON.stringify({ errors: [error] }));
    });
    const inputs = { "trivy-db-repository": source.repository, goals: GOALS };
    const step = await scenario.run({ inputs });
    expect(step.exitCode).toBe(1);
    expect(stageOf(step, "app").scan).toMatchObject({
      status: "unavailable",
      reason: expect.stringContaining("TOOMANYREQUESTS"),
    });
  });

  it.concurrent("is not waited for by a run that is cancelled while the page says nothing", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    await using page = await openReleasePage(release.withTrivy(() => {}));
    const asked = when(() => page.requests.includes(TRIVY));
    const start = performance.now();
    const step = await scenario.run({ inputs: release.inputs(page.url), cancel: asked });
    expect([step.exitCode, step.outputs], step.log).toEqual([1, {}]);
    expect(step.log).toContain("The run was cancelled by SIGINT; there is no report");
    // By itself it would wait for half a minute, three times.
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(await temporaryFolders(scenario)).toEqual([]);
  });
});

describe("Trivy's database", () => {
  let cache: CacheService;
  beforeAll(async () => {
    cache = await startCacheService((await labParts(["blobs"])).blobs);
  });
  afterAll(() => cache[Symbol.asyncDispose]());

  /** Of the entries that are the database's: steps of the build have others. */
  const keys = () =>
    cache
      .entries()
      .map(({ key }) => key)
      .filter((key) => key.startsWith("weighbridge-"));

  it("comes out of GitHub's cache on the next machine, though no source can be reached", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    const source = await openSource();
    const inputs = { "trivy-db-repository": source.repository };
    const main = { ref: "refs/heads/main", may: "write" } as const;
    const first = await scenario.run({ event: "push", inputs, env: cache.variables([main]) });
    expect(first.exitCode, first.log).toBe(0);
    expect(rulesOf(first)).toEqual(RULES);
    await scenario.post(first);
    const date = first.report?.tools["trivy-db"];
    expect(keys()).toEqual([
      expect.stringMatching(new RegExp(`^weighbridge-trivy-db-[0-9a-f]{16}-${date}$`)),
    ]);

    await source[Symbol.asyncDispose]();
    await rm(join(first.runner.folder, "_tool"), { recursive: true });
    const change = { ref: "refs/pull/7/merge", may: "write" } as const;
    const scopes = [change, { ...main, may: "read" }] as const;
    const second = await scenario.run({ inputs, env: cache.variables(scopes) });
    expect(rulesOf(second)).toEqual(RULES);
    expect(second.log).toContain("Restored weighbridge-trivy-db-");
    expect(second.log).toContain(`Trivy's database is of ${date}, `);
    await scenario.post(second);
    expect(keys()).toHaveLength(1);
  });
});

/** A registry that is the lab's, or one that answers as told. */
async function openSource(listener: RequestListener = passOn) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    repository: lab.database.repository.replace(/^[^/]+/, `127.0.0.1:${port}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As a proxy does. */
const passOn: RequestListener = (request, response) => {
  const [host = ""] = lab.database.repository.split("/");
  const { url: path, method, headers } = request;
  const asked = startRequest(`http://${host}${path}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  request.pipe(asked);
};
