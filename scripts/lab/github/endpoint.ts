import type { Operation } from "./description.ts";
import type { Links } from "./links.ts";
import type { Access } from "./permissions.ts";
import type { Reply } from "./replies.ts";
import type { Repository, Token } from "./state.ts";

/** A request that fits the description and comes from somebody who may make it. */
export interface Call {
  readonly operation: Operation;
  /** The value of one of the path's parameters. */
  readonly parameter: (name: string) => string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Undefined when the request has no token. */
  readonly token: Token | undefined;
  readonly links: Links;
  readonly now: Date;
  readonly processing: Processing;
}

/** How code scanning deals with what is uploaded from now on. Tests change it. */
export interface Processing {
  /** How often a question for the status of an upload is answered `pending`. */
  pendingPolls: number;
  /** Errors with which the next uploads fail, one list an upload, whatever is in them. */
  readonly failures: (readonly string[])[];
}

/** A call that is about a repository. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
  /** The address of the same list by the repository's number, for links to its other pages. */
  readonly numberedUrl: string;
}

/** How one operation is done. */
export type Endpoint =
  | {
      readonly kind: "repository";
      readonly access: Access;
      readonly handle: (call: RepositoryCall) => Reply;
    }
  | { readonly kind: "user"; readonly handle: (call: Call) => Reply };

/** Endpoints by the id of their operation. */
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** Anybody may read it in a public repository. */
export function readable(
  permission: string | readonly string[],
  handle: (call: RepositoryCall) => Reply,
): Endpoint {
  const anyOf = [permission].flat();
  return { kind: "repository", access: { level: "read", anyOf, openInPublic: true }, handle };
}

/** Reading it takes a permission, in a public repository too. */
export function guarded(
  permission: string | readonly string[],
  handle: (call: RepositoryCall) => Reply,
): Endpoint {
  const anyOf = [permission].flat();
  return { kind: "repository", access: { level: "read", anyOf, openInPublic: false }, handle };
}

/** Doing it takes a permission to write. */
export function writable(
  permission: string | readonly string[],
  handle: (call: RepositoryCall) => Reply,
): Endpoint {
  const anyOf = [permission].flat();
  return { kind: "repository", access: { level: "write", anyOf, openInPublic: false }, handle };
}
