import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { messageOf } from "../../../src/errors.ts";
import { type GitHubOptions, startGitHub } from "./server.ts";

const usage = `Stands in for GitHub's REST API on loopback until it is told to stop.

  node scripts/lab/github/main.ts [--port N] [--seed FILE]

  --port   where to listen; any free port when left out
  --seed   JSON with what is there at first: { "repositories": [...], "tokens": [...] }

Prints its address. GET /__state shows what it holds. It ends on SIGINT or SIGTERM, with exit
code 1 when a request did not fit GitHub's description of its API.
`;

/** Runs the stand-in as a process of its own, for `act` and for people. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const github = await startGitHub({
    ...(await readSeed(values.seed)),
    port: Number(values.port ?? 0),
  });
  process.stdout.write(`${github.url}\n`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await github.close();
  return 0;
}

/** The seed is the stand-in's own format, written by us: `state.ts` and `seed.ts` say what it is. */
async function readSeed(file: string | undefined): Promise<GitHubOptions> {
  return file === undefined ? {} : (JSON.parse(await readFile(file, "utf8")) as GitHubOptions);
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  return 1;
});
