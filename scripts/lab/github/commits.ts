import type { Commit, Repository } from "./state.ts";

/** How two commits lie to each other. */
export interface Comparison {
  readonly status: "ahead" | "behind" | "diverged" | "identical";
  readonly mergeBase: Commit;
  /** Commits of the head that the base lacks, oldest first. */
  readonly ahead: readonly Commit[];
  /** Commits of the base that the head lacks, oldest first. */
  readonly behind: readonly Commit[];
}

type Graph = Pick<Repository, "commits" | "refs">;

/** The commit that a hash, a branch, a tag or a full ref names. */
export function resolveCommit(graph: Graph, name: string): Commit | undefined {
  const sha =
    graph.refs.get(name) ??
    graph.refs.get(`refs/heads/${name}`) ??
    graph.refs.get(`refs/tags/${name}`) ??
    name;
  return graph.commits.get(sha);
}

/** Compares two commits as GitHub does with three dots; undefined without a common ancestor. */
export function compareCommits(graph: Graph, base: Commit, head: Commit): Comparison | undefined {
  const ofBase = ancestry(graph, base);
  const ofHead = ancestry(graph, head);
  const mergeBase = ofHead.find((commit) => ofBase.includes(commit));
  if (mergeBase === undefined) return undefined;
  const ahead = ofHead.filter((commit) => !ofBase.includes(commit)).reverse();
  const behind = ofBase.filter((commit) => !ofHead.includes(commit)).reverse();
  return { status: statusOf(ahead.length, behind.length), mergeBase, ahead, behind };
}

function statusOf(ahead: number, behind: number): Comparison["status"] {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
}

/** The commit and everything before it, nearest first. */
function ancestry(graph: Graph, from: Commit): readonly Commit[] {
  const reached = new Set([from]);
  for (const commit of reached) {
    for (const sha of commit.parents) {
      const parent = graph.commits.get(sha);
      if (parent !== undefined) reached.add(parent);
    }
  }
  return [...reached];
}
