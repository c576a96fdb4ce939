import type { Operation } from "./description.ts";

/** What the stand-in answers. Header names are in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; nothing is sent for undefined. */
  readonly body?: unknown;
}

/** An error as GitHub words it: a message, the page of the operation, and the status as text. */
export function errorReply(
  operation: Operation | undefined,
  status: number,
  message: string,
): Reply {
  const page = operation?.documentationUrl ?? "https://docs.github.com/rest";
  return { status, body: { message, documentation_url: page, status: String(status) } };
}

/** There is no such thing, or the caller may not know that there is. */
export function notFound(operation: Operation | undefined): Reply {
  return errorReply(operation, 404, "Not Found");
}

/** The token of a workflow lacks a permission. */
export function notAccessible(operation: Operation): Reply {
  return errorReply(operation, 403, "Resource not accessible by integration");
}

/** A request that fits the description and still cannot be done. */
export function unprocessable(
  operation: Operation,
  problem: { readonly resource: string; readonly field: string; readonly message: string },
): Reply {
  return {
    status: 422,
    body: {
      message: "Validation Failed",
      errors: [{ ...problem, code: "unprocessable" }],
      documentation_url: operation.documentationUrl,
      status: "422",
    },
  };
}

/** A request that does not fit the description. */
export function invalidRequest(operation: Operation, problems: readonly string[]): Reply {
  const message = `Invalid request.\n\n${problems.join("\n")}`;
  return {
    status: 422,
    body: {
      message,
      errors: problems.map((problem) => ({ code: "invalid", message: problem })),
      documentation_url: operation.documentationUrl,
      status: "422",
    },
  };
}
