// Advice on lines that are ever so long: a Dockerfile has room for two million characters.

import { expect, it } from "vitest";
import { laterUsers } from "../../src/inspect/advice/cache-users.ts";
import { inOneCommand, plainList, readsNothing } from "../../src/inspect/advice/commands.ts";
import { makesHome, removesItself } from "../../src/inspect/advice/mounts.ts";
import { linesThatMayNeed } from "../../src/inspect/advice/needed.ts";
import type { AdviceRule } from "../../src/model/image.ts";
import { growth, LINEAR } from "../growth.ts";
import { makeLayer, makePlannedImage, makeStage } from "../make.ts";
import { adviceOf, COPY } from "./make-advice.ts";

function mayNeed(text: string): void {
  const lines = { start: 3, end: 3 };
  linesThatMayNeed("tests", [makeStage({ instructions: [{ keyword: "RUN", lines, text }] })]);
}

function advice(rule: AdviceRule, instruction: string): void {
  const later = makeLayer({ line: 3, instruction });
  adviceOf({ rule, movedTo: "/b", layer: 0, laterLayer: 1 }, [COPY, later]);
}

/** Looks for what uses a cache after the line that fills it. */
function used(text: string): void {
  const texts = ["RUN npm ci", "USER node", text];
  const chain = texts.map((each, at) => {
    const [keyword = ""] = each.split(" ");
    return { keyword, lines: { start: at + 2, end: at + 2 }, text: each };
  });
  const later = makeLayer({ line: 2, instruction: "RUN npm ci" });
  const image = makePlannedImage({ stages: [makeStage({ instructions: chain })] });
  const layers = { layers: [later], first: later, between: [], others: [], later };
  laterUsers("/root/.npm/_cacache", { ...layers, added: 0, isLast: true, chain, image });
}

const INSTANCES: readonly (readonly [what: string, work: (count: number) => void])[] = [
  ["package managers", (count) => mayNeed(`RUN ${"apt ".repeat(count / 4)}`)],
  ["line breaks", (count) => advice("deleted-later", `RUN a${"\n".repeat(count)}`)],
  ["options", (count) => advice("recommended-packages", `RUN apt${" -apt".repeat(count / 4)}`)],
  ["changes of owners", (count) => readsNothing({ instruction: owners(count / 4) })],
  ["variables", (count) => plainList("${".repeat(count))],
  ["digits", (count) => plainList("9".repeat(count))],
  ["blanks", (count) => inOneCommand([`a${" ".repeat(count)}b`])],
  ["digits before what is deleted", (count) => removed(`rm ${"9".repeat(count)}`)],
  [
    "users that are made",
    (count) => makesHome("/home/u/a", `RUN ${"useradd a ".repeat(count / 10)}`),
  ],
  ["names of caches", (count) => used(`RUN npm ci ${"cache".repeat(count / 5)}`)],
  ["package managers that use a cache", (count) => used(`RUN ${"npm ".repeat(count / 4)}`)],
  ["compilers", (count) => advice("compiled-cache", `RUN ${"pip install a ".repeat(count / 14)}`)],
  ["slashes", (count) => removed(`rm ~${"/".repeat(count)}a`)],
];

function owners(count: number): string {
  return `RUN find${" -exec chown a".repeat(count)}`;
}

function removed(command: string): void {
  removesItself("/root/.cache/pip", `RUN ${command}`, "/");
}

it.each(INSTANCES)("takes time that grows with their length alone: %s", (_, work) => {
  expect(growth(60_000, work)).toBeLessThan(LINEAR);
});
