import type { Operation } from "./description.ts";
import { errorReply, notAccessible, notFound, type Reply } from "./replies.ts";
import type { Repository, Token } from "./state.ts";

/** What an operation asks of a token, in the words of a workflow's `permissions:`. */
export interface Access {
  readonly level: "read" | "write";
  /** One of these is enough: a comment on a pull request takes `issues` or `pull-requests`. */
  readonly anyOf: readonly string[];
  /** Whether anybody may do it in a public repository. */
  readonly openInPublic: boolean;
}

/** Who a request comes from. */
export type Caller =
  | { readonly kind: "token"; readonly token: Token }
  | { readonly kind: "nobody" }
  | { readonly kind: "unknown token" };

/** Reads an `Authorization` header: `token …`, `Bearer …`, or a password of HTTP's basic scheme. */
export function callerOf(tokens: readonly Token[], header: string | undefined): Caller {
  if (header === undefined) return { kind: "nobody" };
  const [scheme = "", credential = ""] = header.trim().split(/\s+/);
  const value = scheme.toLowerCase() === "basic" ? passwordOf(credential) : credential;
  const token = tokens.find((known) => known.token === value);
  return token === undefined ? { kind: "unknown token" } : { kind: "token", token };
}

/** The refusal that a caller gets for an operation on a repository, or undefined when it may. */
export function refusalOf(
  operation: Operation,
  access: Access,
  caller: Caller,
  repository: Repository | undefined,
): Reply | undefined {
  if (caller.kind === "unknown token") return errorReply(undefined, 401, "Bad credentials");
  if (repository === undefined) return notFound(operation);
  const open = access.level === "read" && access.openInPublic && !repository.private;
  if (open) return undefined;
  if (caller.kind === "nobody") {
    return repository.private
      ? notFound(operation)
      : errorReply(operation, 401, "Requires authentication");
  }
  if (isGranted(access, caller.token)) return undefined;
  return caller.token.kind === "installation"
    ? notAccessible(operation)
    : errorReply(operation, 403, "Resource not accessible by personal access token");
}

/**
 * The header by which GitHub names what would have been enough: alternatives are parted by
 * semicolons, as in `issues=write; pull_requests=write`.
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible
 */
export function acceptedPermissions(access: Access): string {
  return access.anyOf.map((name) => `${name.replaceAll("-", "_")}=${access.level}`).join("; ");
}

function isGranted(access: Access, token: Token): boolean {
  return access.anyOf.some((name) => {
    // Every token may read what a repository is called and whether it exists.
    const granted = name === "metadata" ? "read" : token.permissions[name];
    return granted === "write" || granted === access.level;
  });
}

function passwordOf(credential: string): string {
  return Buffer.from(credential, "base64").toString("utf8").split(":")[1] ?? "";
}
