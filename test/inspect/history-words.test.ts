import { describe, expect, it } from "vitest";
import { instructionIn, isEntryOf } from "../../src/inspect/history-words.ts";
import { growth, LINEAR } from "../growth.ts";

describe("the instruction in an entry of history", () => {
  it.each([
    ["RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update"],
    ["COPY a b # buildkit", "COPY a b"],
    ["/bin/sh -c #(nop) ADD file:1 in / ", "ADD file:1 in /"],
    ["/bin/sh -c apt-get update", "RUN apt-get update"],
    ["|1 A=b /bin/sh -c make", "RUN make"],
    ["RUN |1 A=b /bin/sh -c make # buildkit", "RUN make"],
    ["bazel build", "bazel build"],
  ])("is %j, in few words", (history, words) => {
    expect(instructionIn(history)).toBe(words);
  });

  it("is told in little time, however much room is in it", () => {
    const work = (room: number) => {
      expect(instructionIn(`RUN a${" ".repeat(room)}b`)).toContain("b");
    };
    expect(growth(300_000, work)).toBeLessThan(LINEAR);
  });
});

describe("an entry of history", () => {
  it.each([
    ["RUN make   &&  make install", "RUN /bin/sh -c make &&     make install # buildkit"],
    ["RUN --mount=type=cache,target=/c make", "RUN |1 A=b /bin/sh -c make # buildkit"],
    ['RUN ["make", "all"]', "RUN make all # buildkit"],
    ["RUN make", "RUN /bin/bash -o pipefail -c make # buildkit"],
    ["RUN <<EOF make EOF", "RUN /bin/sh -c set -e # buildkit"],
    ["RUN make", "/bin/sh -c make"],
    ['RUN ["touch", "/z"]', "|1 X=1 touch /z"],
    ["COPY --from=build --chown=app /out /app", "COPY --chown=app /out /app # buildkit"],
    ["COPY $FROM /app", "COPY /src /app # buildkit"],
    ["COPY . /app", `/bin/sh -c #(nop) COPY dir:${"0".repeat(64)} in /app `],
    ['CMD ["node", "server.js"]', 'CMD ["node" "server.js"]'],
    ["CMD node server.js", 'CMD ["/bin/sh" "-c" "node server.js"]'],
    ["ENV A=$B", "ENV A=c"],
  ])("can be that of %j: %j", (text, createdBy) => {
    expect(isEntryOf({ keyword: /^[A-Z]+/.exec(text)?.[0] ?? "", text }, createdBy)).toBe(true);
  });

  it.each([
    ["RUN make", "COPY make /"],
    ["RUN make", "RUN /bin/sh -c make install # buildkit"],
    ["COPY . /app", "COPY . /srv # buildkit"],
    ["COPY . /app", "/bin/sh -c make"],
    ['CMD ["node"]', 'CMD ["python3"]'],
    ["RUN make", "bazel build"],
    ['RUN ["make"]', "bazel build"],
  ])("cannot be that of %j: %j", (text, createdBy) => {
    expect(isEntryOf({ keyword: /^[A-Z]+/.exec(text)?.[0] ?? "", text }, createdBy)).toBe(false);
  });
});
