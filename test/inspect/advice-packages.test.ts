// Advice on packages of Node.js that are copied out of the build context.

import { expect, it } from "vitest";
import { advised, type MadeUp } from "./advised-dockerfile.ts";

const DEPS = ["FROM node AS deps", "RUN npm ci"];

/** What is advised on packages that the copy in line 5 brought, in the stage behind `DEPS`. */
async function about(lines: readonly string[], more: Partial<MadeUp> = {}) {
  const text = [...DEPS, "FROM node", ...lines, ""].join("\n");
  const paths = ["/app/web/node_modules/a/b.js"];
  const saving: MadeUp = { rule: "context", lines: [5], subject: "node_modules", paths, ...more };
  return (await advised(text, [saving])).map(({ instead }) => instead);
}

it.each([
  ["WORKDIR /app", "COPY . .", "RUN cd web && npm ci"],
  ["WORKDIR /app", "COPY . .", "WORKDIR web", "RUN yarn --frozen-lockfile"],
  ["WORKDIR /app", "COPY . .", "RUN (cd shop && npm ci) && npm ci --prefix web"],
  ["WORKDIR /app", "COPY . /app", "RUN pnpm -C web i --prod"],
  ["WORKDIR /app/web", "COPY . /app", "RUN if [ -f yarn.lock ]; then yarn; else npm ci; fi"],
  ["WORKDIR /app/web", "COPY . /app", 'RUN ["npm", "install", "--omit=dev"]'],
  ["WORKDIR /app/web", "COPY . ..", "RUN apt-get install -y git", "RUN npm ci"],
  ["RUN cd /app/web && npm ci", "COPY . /app"],
  ["WORKDIR /app", "COPY . .", "COPY --from=deps /node_modules ./web/node_modules"],
])("are ignored where a line installs them in that very folder: %s, %s, %s", async (...lines) => {
  expect(await about(lines)).toEqual(["Write `web/node_modules` into `.dockerignore`."]);
});

it.each([
  ["WORKDIR /app", "COPY . ."],
  ["WORKDIR /app", "COPY . .", "RUN cd shop && npm ci"],
  ["WORKDIR /app", "COPY . .", "RUN npm ci"],
  ["WORKDIR /app/web", "COPY . /app", "RUN npm install -g serve"],
  ["WORKDIR /app/web", "COPY . /app", "RUN npm ci --dry-run"],
  ["WORKDIR /app/web", "COPY . /app", "RUN npm run build", "RUN npm ci"],
  ["WORKDIR $HOME/web", "COPY . /app", "RUN npm ci"],
  ["WORKDIR /app", "COPY . .", "RUN for d in *; do cd $d && npm ci; done"],
  ["WORKDIR /app", "COPY . .", "COPY --from=deps /node_modules ./shop/node_modules"],
])("are needed where no line does: %s, %s, %s", async (...lines) => {
  expect(await about(lines)).toEqual([]);
});

it("are ignored where a line deletes them before another has used them", async () => {
  const copied = ["WORKDIR /app", "COPY . ."];
  const paths = ["/app/node_modules/a/b.js"];
  const dead = (line: number) => ({ lines: [5, line], paths });
  expect(await about([...copied, "RUN rm -rf node_modules"], dead(6))).toEqual([
    "Write `node_modules` into `.dockerignore`.",
  ]);
  const used = [...copied, "RUN npm run build", "RUN rm -rf node_modules"];
  expect(await about(used, dead(7))).toEqual([]);
});

it.each([
  ["RUN npm run build", []],
  ["RUN npm ci && npm run build", ["Write `web/node_modules` into `.dockerignore`."]],
  ["RUN go build ./cmd", ["Write `web/node_modules` into `.dockerignore`."]],
])("are needed where another stage uses those of the build context: %s", async (line, expected) => {
  const lines = ["WORKDIR /app", "COPY . .", "RUN cd web && npm ci", "FROM node", "COPY . .", line];
  const paths = ["/app/web/node_modules/a/b.js"];
  const saving: MadeUp = { rule: "context", lines: [3], subject: "node_modules", paths };
  const text = ["FROM node AS web", ...lines, ""].join("\n");
  const advice = await advised(text, [saving], { stageName: "web" });
  expect(advice.map(({ instead }) => instead)).toEqual(expected);
});

it("are told by their folder where it is not known what that is in the build context", async () => {
  const lines = ["WORKDIR /app", "COPY *web /app/web/", "RUN cd web && npm ci"];
  expect(await about(lines)).toEqual([
    "Keep `/app/web/node_modules` out of what line 5 copies, by a line in `.dockerignore`.",
  ]);
});
