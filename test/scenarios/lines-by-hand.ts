// Which line of the examples' Dockerfiles made which layer, as a person finds out who lays the
// image's history beside the Dockerfile.

import { readFile } from "node:fs/promises";
import type { ReportStage } from "../../src/model/report.ts";
import { blobPath } from "./reading.ts";

/** A layer of a stage's own: its line, and how the image's history begins to tell of it. */
type OwnLayer = readonly [line: number, history: string];

const TRADING_DEPENDENCIES: readonly OwnLayer[] = [
  [9, "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends gcc"],
  [10, "WORKDIR /build"],
  [11, "RUN /bin/sh -c python -m venv /opt/venv"],
  [13, "RUN /bin/sh -c pip install --no-cache-dir --upgrade pip"],
  [14, "COPY requirements.txt ."],
  [15, "RUN /bin/sh -c pip install --no-cache-dir -r requirements.txt"],
];

const TRADING_PRODUCTION: readonly OwnLayer[] = [
  [33, "RUN /bin/sh -c groupadd"],
  [35, "WORKDIR /app"],
  [36, "COPY /opt/venv /opt/venv"],
  [37, "COPY /app /app"],
];

const BACKEND_DEPENDENCIES: readonly OwnLayer[] = [
  [4, "WORKDIR /app"],
  [5, "COPY package.json package-lock.json ./"],
  [6, "RUN /bin/sh -c npm ci"],
];

const BACKEND_BUILD: readonly OwnLayer[] = [
  ...BACKEND_DEPENDENCIES,
  [9, "COPY . ."],
  [10, "RUN /bin/sh -c npm run build"],
];

const FRONTEND_DEPENDENCIES = BACKEND_DEPENDENCIES;

const FRONTEND_BUILD: readonly OwnLayer[] = [
  ...FRONTEND_DEPENDENCIES,
  [9, "ADD . ."],
  [10, "RUN /bin/sh -c npm run build"],
];

/** By image and stage; lowest layer first. */
const OWN_LAYERS: Readonly<Record<string, readonly OwnLayer[]>> = {
  "Dockerfile/deps-builder": TRADING_DEPENDENCIES,
  "Dockerfile/app-builder": [
    ...TRADING_DEPENDENCIES,
    [19, "WORKDIR /app"],
    [20, "ADD . ."],
    [21, "RUN /bin/sh -c mkdir lib && gcc"],
    [22, "RUN /bin/sh -c find /opt/venv"],
  ],
  "Dockerfile/production": TRADING_PRODUCTION,
  "Dockerfile/development": [
    ...TRADING_PRODUCTION,
    [49, "RUN /bin/sh -c pip install -r requirements-dev.txt"],
    [50, "RUN /bin/sh -c pytest"],
  ],
  "Dockerfile/hft-optimized": [
    ...TRADING_PRODUCTION,
    [56, "RUN /bin/sh -c pip install --no-cache-dir -r requirements-hft.txt"],
    [57, "RUN /bin/sh -c chown -R trading:trading"],
  ],
  "Dockerfile/monitoring": [
    ...TRADING_PRODUCTION,
    [65, "RUN /bin/sh -c apt-get update  && apt-get install"],
    [68, "RUN /bin/sh -c pip install --no-cache-dir -r requirements-monitoring.txt"],
  ],
  "backend/deps": BACKEND_DEPENDENCIES,
  "backend/build": BACKEND_BUILD,
  "backend/test": [...BACKEND_BUILD, [14, "RUN /bin/sh -c npm test"]],
  "backend/production": [
    [18, "WORKDIR /app"],
    [19, "COPY package.json package-lock.json ./"],
    [20, "RUN /bin/sh -c npm ci --omit=dev"],
    [21, "COPY /app/dist ./dist"],
    [22, "COPY healthcheck.js schema.sql ./"],
    [23, "RUN /bin/sh -c chown -R node:node /app"],
  ],
  "backend/development": [...BACKEND_BUILD, [33, "RUN /bin/sh -c apt-get update"]],
  "frontend/deps": FRONTEND_DEPENDENCIES,
  "frontend/build": FRONTEND_BUILD,
  "frontend/test": [...FRONTEND_BUILD, [13, "RUN /bin/sh -c npm test"]],
  "frontend/development": [...FRONTEND_DEPENDENCIES, [17, "COPY . ."]],
  "frontend/assets": [[23, "COPY /app/dist /"]],
  "frontend/production": [
    [26, "RUN /bin/sh -c apt-get update && apt-get install -y curl"],
    [27, "COPY nginx.conf /etc/nginx/nginx.conf"],
    [28, "COPY / /usr/share/nginx/html"],
  ],
};

/**
 * The share of a stage's own bytes that the report has on the right line; 1 where it has none.
 * Throws when the image's history is not what was laid beside the Dockerfile.
 */
export async function shareOnRightLine(layout: string, stage: ReportStage): Promise<number> {
  const own = OWN_LAYERS[`${stage.image}/${stage.name}`];
  if (own === undefined) throw new Error(`nobody looked at ${stage.image}/${stage.name}`);
  const history = await historyOf(layout, stage);
  const base = stage.layers.length - own.length;
  let all = 0;
  let right = 0;
  own.forEach(([line, beginning], number) => {
    const noted = history[base + number];
    const layer = stage.layers[base + number];
    if (!noted?.startsWith(beginning)) throw new Error(`${noted} is not ${beginning}`);
    all += layer?.unpacked ?? 0;
    right += layer?.origin === "own" && layer.line === line ? layer.unpacked : 0;
  });
  return all === 0 ? 1 : right / all;
}

/** What made each layer, as the image's configuration tells. */
async function historyOf(layout: string, { digest = "" }: ReportStage): Promise<readonly string[]> {
  const manifest: { config: { digest: string } } = await readBlob(layout, digest);
  const config: Config = await readBlob(layout, manifest.config.digest);
  return config.history
    .filter(({ empty_layer: isEmpty }) => isEmpty !== true)
    .map(({ created_by: createdBy = "" }) => createdBy);
}

interface Config {
  readonly history: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

async function readBlob<T>(layout: string, digest: string): Promise<T> {
  return JSON.parse(await readFile(blobPath(layout, digest), "utf8"));
}
