import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { OpenVertices, WaitTeller } from "../../../src/build/progress/open-vertices.ts";
import type { Vertex } from "../../../src/build/progress/progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wait = (seconds: number) => vi.advanceTimersByTime(seconds * 1000);

const solve = {};

/** Solves in which these vertices have been told of. */
function following(...vertices: readonly Omit<Vertex, "cached">[]): OpenVertices {
  const open = new OpenVertices();
  const follow = (vertex: Omit<Vertex, "cached">) => {
    const progress = { outputs: [], transfers: [], warnings: [] };
    open.follow({ ...progress, vertices: [{ ...vertex, cached: false }] }, solve);
  };
  for (const vertex of vertices) follow(vertex);
  return open;
}

const METADATA = {
  digest: "a",
  name: "[image0-stage0 internal] load metadata for 127.0.0.1:46002/x:1",
};
const FROM = { digest: "b", name: "[image0-stage1 app 1/2] FROM 127.0.0.1:46002/y:1" };

it("is open what has begun and not ended, as long as its solve goes on", () => {
  const done = { digest: "c", name: "[image0-stage2] RUN make" };
  const waits = { digest: "d", name: "[image0-stage2] RUN later" };
  const open = following(
    { ...METADATA, started: 1 },
    { ...FROM, started: 1 },
    { ...done, started: 1 },
    { ...done, started: 1, completed: 2 },
    waits,
  );
  expect(open.list().map(({ name }) => name)).toEqual([METADATA.name, FROM.name]);
  open.end(solve);
  expect(open.list()).toEqual([]);
});

it("tells what is waited for, once in each minute in which nothing else is said", () => {
  const told: string[] = [];
  const open = following({ ...METADATA, started: 1 }, { ...FROM, started: 1 });
  using teller = new WaitTeller({ info: (text) => void told.push(text) });
  teller.watch(() => open.list());
  wait(30);
  teller.said();
  wait(59);
  expect(told).toEqual([]);
  wait(60);
  const line = (minutes: number) =>
    `waiting for load metadata for 127.0.0.1:46002/x:1, ${minutes} min; [app 1/2] FROM 127.0.0.1:46002/y:1, ${minutes} min`;
  expect(told).toEqual([line(1)]);
  wait(60);
  expect(told).toEqual([line(1), line(2)]);
});

it("tells nothing where nothing is waited for, and of many no more than three", () => {
  const told: string[] = [];
  const many = Array.from({ length: 9 }, (_, at) => ({ digest: `${at}`, name: `[s${at}] RUN x` }));
  const open = following(...many.map((vertex) => ({ ...vertex, started: 1 })));
  using teller = new WaitTeller({ info: (text) => void told.push(text) });
  wait(600);
  expect(told).toEqual([]);
  teller.watch(() => open.list());
  wait(30);
  expect(told[0]).toMatch(
    /^waiting for \[s0\] RUN x, 10 min; \[s1\] RUN x, 10 min; \[s2\] RUN x, 10 min; 6 more$/,
  );
});
