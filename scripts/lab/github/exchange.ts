import type { IncomingHttpHeaders } from "node:http";
import { messageOf } from "../../../src/errors.ts";
import type { Contract } from "./contract.ts";
import type { Description, Operation } from "./description.ts";
import type { Call } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { faultReply, type Strike } from "./faults.ts";
import { acceptedPermissions, type Caller, callerOf, refusalOf } from "./permissions.ts";
import { errorReply, invalidRequest, notFound, type Reply } from "./replies.ts";
import { fullName, type Repository } from "./state.ts";
import { findRepository, type World } from "./world.ts";

/** A request as it came in. */
export interface Incoming {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** GitHub gives every request one, and names it in its errors. */
  readonly id: string;
}

/** What to send, and the fault to send it with. */
export interface Answer {
  readonly reply: Reply;
  readonly operation: Operation | undefined;
  readonly caller: Caller;
  readonly body: unknown;
  readonly strike: Strike | undefined;
}

/** What GitHub publishes about its API, and the check of requests and replies against it. */
export interface Rules {
  readonly description: Description;
  readonly contract: Contract;
}

interface Request {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly caller: Caller;
}

type Examined =
  | { readonly kind: "in order"; readonly operation: Operation; readonly request: Request }
  | { readonly kind: "refused"; readonly operation: Operation | undefined; readonly reply: Reply };

/**
 * Answers a request the way GitHub does: first whether it is one, then whether the caller may,
 * then what it asks for. Faults hit what is in order and would be answered.
 */
export function answer(world: World, rules: Rules, incoming: Incoming): Answer {
  const caller = callerOf(world.tokens, incoming.headers.authorization);
  const body = parseBody(incoming.body);
  const asked = { caller, body: body?.value };
  const examined = examine(world, rules, { incoming, caller, body });
  if (examined.kind === "refused") return { ...asked, ...examined, strike: undefined };
  const { operation, request } = examined;
  const strike = world.faults.strike(operation.id);
  const fault = strike === undefined ? undefined : faultReply(strike.fault, incoming.id);
  const real = strike === undefined || strike.applied ? perform(world, rules, request) : undefined;
  const reply = fault ?? real ?? errorReply(operation, 500, "Server Error");
  return { ...asked, operation, strike, reply };
}

/** Whether GitHub describes such a request. What is not described is written down. */
function examine(
  world: World,
  rules: Rules,
  asked: {
    readonly incoming: Incoming;
    readonly caller: Caller;
    readonly body: { readonly value: unknown } | undefined;
  },
): Examined {
  const { incoming, caller, body } = asked;
  const { pathname, searchParams: query } = new URL(incoming.url, world.links.api);
  const match = rules.description.find(
    incoming.method,
    namedPath(world, belowApi(world, pathname)),
  );
  if (match.kind !== "operation") {
    report(world, incoming, undefined, [
      match.kind === "left out"
        ? `${match.id} is an operation of GitHub's that the stand-in does not keep`
        : "not an operation",
    ]);
    return { kind: "refused", operation: undefined, reply: notFound(undefined) };
  }
  const { operation, path } = match;
  if (body === undefined) {
    report(world, incoming, operation, ["the body is not JSON"]);
    const reply = errorReply(operation, 400, "Problems parsing JSON");
    return { kind: "refused", operation, reply };
  }
  const request = { operation, path, query, body: body.value, caller };
  const problems = [
    ...rules.contract.requestProblems(operation, request),
    ...(incoming.headers["user-agent"] === undefined ? ["there is no User-Agent"] : []),
  ];
  if (problems.length === 0) return { kind: "in order", operation, request };
  report(world, incoming, operation, problems);
  return { kind: "refused", operation, reply: invalidRequest(operation, problems) };
}

/** The path as GitHub describes it; none of its own where it is not below the API's. */
function belowApi({ links }: World, path: string): string {
  const { pathname: root } = new URL(links.api);
  if (root === "/") return path;
  return path.startsWith(`${root}/`) ? path.slice(root.length) : "/not-below-the-api";
}

/** Addresses in links name a repository by its number; here it gets its name back. */
function namedPath(world: World, path: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = [...world.repositories.values()].find((known) => String(known.id) === id);
  return repository === undefined ? path : `/repos/${fullName(repository)}${rest}`;
}

function parseBody(text: string): { readonly value: unknown } | undefined {
  if (text === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function report(
  world: World,
  incoming: Incoming,
  operation: Operation | undefined,
  problems: readonly string[],
): void {
  const { method, url } = incoming;
  world.violations.push({ method, path: url, operation: operation?.id, problems });
}

/** Does what is asked for and holds the reply against GitHub's description. */
function perform(world: World, rules: Rules, request: Request): Reply {
  const { operation } = request;
  try {
    const reply = handle(world, request);
    const problems = rules.contract.replyProblems(operation, reply.status, reply.body);
    if (problems.length === 0) return reply;
    world.mistakes.push(`${operation.id}: ${problems.join("; ")}`);
  } catch (error) {
    world.mistakes.push(`${operation.id}: ${messageOf(error)}`);
  }
  const message = `the stand-in is wrong: ${world.mistakes.at(-1)}`;
  return errorReply(operation, 500, message);
}

function handle(world: World, request: Request): Reply {
  const { operation, path, query, body, caller } = request;
  const endpoint = endpoints[operation.id];
  if (endpoint === undefined) throw new Error("nothing handles the operation");
  const parameter = (name: string) => path[name] ?? "";
  const call: Call = {
    operation,
    parameter,
    query,
    body,
    token: caller.kind === "token" ? caller.token : undefined,
    links: world.links,
    now: world.now(),
    processing: world.processing,
  };
  if (endpoint.kind === "user") {
    if (caller.kind === "unknown token") return errorReply(undefined, 401, "Bad credentials");
    return endpoint.handle(call);
  }
  const repository = findRepository(world, `${parameter("owner")}/${parameter("repo")}`);
  const accepted = { "x-accepted-github-permissions": acceptedPermissions(endpoint.access) };
  const refusal = refusalOf(operation, endpoint.access, caller, repository);
  const reply =
    refusal !== undefined || repository === undefined
      ? (refusal ?? notFound(operation))
      : endpoint.handle({ ...call, repository, numberedUrl: numberedUrl(call, repository) });
  return { ...reply, headers: { ...accepted, ...reply.headers } };
}

function numberedUrl(call: Call, repository: Repository): string {
  const below = call.operation.template
    .replace("/repos/{owner}/{repo}", "")
    .replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(call.parameter(name)));
  return `${call.links.api}/repositories/${repository.id}${below}`;
}
