import type { Processing } from "./endpoint.ts";
import { type FaultPlan, faultPlan } from "./faults.ts";
import type { Links } from "./links.ts";
import { plantRepository, type RepositorySeed, type TokenSeed, tokenOf } from "./seed.ts";
import { fullName, type Repository, type Token } from "./state.ts";

/** Everything that the stand-in knows. */
export interface World {
  /** By `owner/name` in lower case: GitHub does not tell capitals apart. */
  readonly repositories: Map<string, Repository>;
  readonly tokens: Token[];
  readonly links: Links;
  readonly processing: Processing;
  readonly faults: FaultPlan;
  readonly now: () => Date;
  /** Every request that came in, in order. */
  readonly exchanges: Exchange[];
  /** Requests that do not fit GitHub's description. */
  readonly violations: Violation[];
  /** Replies of the stand-in's own that do not fit, and its crashes: errors in the stand-in. */
  readonly mistakes: string[];
}

/** A request and what became of it. */
export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** The id of the operation, where the request is one. */
  readonly operation: string | undefined;
  /** Who asked. */
  readonly login: string | undefined;
  readonly body: unknown;
  /** The status that was sent; undefined when nothing was. */
  readonly status: number | undefined;
  /** The kind of fault that hit it. */
  readonly fault: string | undefined;
}

/** A request that GitHub's description does not allow. */
export interface Violation {
  readonly method: string;
  readonly path: string;
  readonly operation: string | undefined;
  readonly problems: readonly string[];
}

/** What is there before the first request. */
export interface WorldSeed {
  readonly repositories?: readonly RepositorySeed[];
  readonly tokens?: readonly TokenSeed[];
  /** How often the status of an uploaded SARIF file is `pending` at first. Default 1. */
  readonly pendingPolls?: number;
}

/** A world as the seed describes it. */
export function createWorld(seed: WorldSeed, links: Links, now: () => Date): World {
  const world: World = {
    repositories: new Map(),
    tokens: (seed.tokens ?? []).map(tokenOf),
    links,
    processing: { pendingPolls: seed.pendingPolls ?? 1, failures: [] },
    faults: faultPlan(),
    now,
    exchanges: [],
    violations: [],
    mistakes: [],
  };
  for (const repository of seed.repositories ?? []) addRepository(world, repository);
  return world;
}

/** Adds a repository to a world. */
export function addRepository(world: World, seed: RepositorySeed): Repository {
  const place = { index: world.repositories.size, now: world.now() };
  const repository = plantRepository(seed, place);
  world.repositories.set(fullName(repository).toLowerCase(), repository);
  return repository;
}

/** The repository of that name, however it is capitalised. */
export function findRepository(world: World, name: string): Repository | undefined {
  return world.repositories.get(name.toLowerCase());
}

/** The world as JSON, without the bodies of requests and the files that were uploaded. */
export function worldDocument(world: World): Readonly<Record<string, unknown>> {
  return {
    repositories: [...world.repositories.values()].map((repository) => ({
      ...repository,
      commits: [...repository.commits.values()],
      refs: Object.fromEntries(repository.refs),
      pullRequests: [...repository.pullRequests.values()],
      runs: [...repository.runs.values()],
      uploads: repository.uploads.map(({ sarif: _, ...upload }) => upload),
    })),
    exchanges: world.exchanges.map(({ body: _, ...exchange }) => exchange),
    violations: world.violations,
    mistakes: world.mistakes,
  };
}
