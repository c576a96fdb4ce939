// What scenarios with a cache build, and who they are for GitHub's cache.

import { randomUUID } from "node:crypto";

export const CHANGE = { ref: "refs/pull/7/merge", may: "write" } as const;
export const MAIN = { ref: "refs/heads/main", may: "write" } as const;
export const BASE = { ref: "refs/heads/main", may: "read" } as const;

/** What is looked at is the build. */
export const BUILD_ALONE = { scanners: "none", lint: "false" } as const;

/** Stages of every kind: on one another, copying from each other, from the context, without a shell. */
export function project(): Readonly<Record<string, string>> {
  // Makes the steps new to every builder.
  const salt = randomUUID();
  return {
    Dockerfile: `FROM busybox:1.35 AS deps
RUN echo ${salt} > /deps
FROM deps AS app
COPY app.txt /app/
RUN cat /app/app.txt > /built
FROM busybox:1.35 AS tools
WORKDIR /tools
RUN echo ${salt} tools > tool
FROM scratch AS slim
COPY --from=app /built /
COPY --from=tools /tools/tool /
FROM app
COPY --from=tools /tools /tools
`,
    "app.txt": `app ${salt}\n`,
  };
}
