import { assertNever } from "../../../src/errors.ts";
import { errorReply, type Reply } from "./replies.ts";

/** One way in which GitHub, or the way to it, fails. */
export type Fault =
  /**
   * An error instead of an answer. `retryAfter`, in seconds, becomes a header of that name; without
   * a `message` it says what GitHub mostly says with that status.
   */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfter?: number;
      readonly message?: string;
    }
  /** Too much at once: 403 (or 429), to be tried again after so many seconds. */
  | {
      readonly kind: "secondary rate limit";
      readonly retryAfter: number;
      readonly status?: 403 | 429;
    }
  /** The hour's requests are used up: 403, until a time given as a UNIX timestamp. */
  | { readonly kind: "primary rate limit"; readonly resetsAt: number }
  /** The connection breaks in the middle of the answer. */
  | { readonly kind: "half a reply" }
  /** The request is accepted and never answered. */
  | { readonly kind: "silence" }
  /** The right answer, late. */
  | { readonly kind: "slow"; readonly milliseconds: number };

/** An instruction to fail. */
export interface Misbehaviour {
  /** The operation's id, as in `issues/create-comment`; every operation when left out. */
  readonly operation?: string;
  /** How many requests it hits. Default 1. */
  readonly times?: number;
  /** How many requests get through before it begins: 1 spares the first page. Default 0. */
  readonly after?: number;
  /**
   * Whether what was asked for is done all the same, as when only the way back fails: who asks
   * again then does it twice. Default no, except for half a reply and a slow one, which are real.
   */
  readonly applied?: boolean;
  readonly with: Fault;
}

/** A fault that hits the request in hand. */
export interface Strike {
  readonly fault: Fault;
  readonly applied: boolean;
}

/** The faults that are still to come. */
export interface FaultPlan {
  readonly add: (misbehaviour: Misbehaviour) => void;
  /** The fault for a request to this operation, if one is due; it is used up by asking. */
  readonly strike: (operation: string) => Strike | undefined;
  readonly clear: () => void;
}

/** A plan with no faults in it. Of several that fit a request, the first given wins. */
export function faultPlan(): FaultPlan {
  const waiting: { after: number; times: number; readonly told: Misbehaviour }[] = [];
  return {
    add: (told) => {
      waiting.push({ after: told.after ?? 0, times: told.times ?? 1, told });
    },
    clear: () => {
      waiting.length = 0;
    },
    strike: (operation) => {
      const due = waiting.find(
        ({ times, told }) => times > 0 && (told.operation ?? operation) === operation,
      );
      if (due === undefined) return undefined;
      if (due.after > 0) {
        due.after--;
        return undefined;
      }
      due.times--;
      return strikeOf(due.told);
    },
  };
}

/**
 * The error that stands in for the answer; undefined for faults of the connection.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function faultReply(fault: Fault, requestId: string): Reply | undefined {
  switch (fault.kind) {
    case "status":
      return statusReply(fault);
    case "secondary rate limit":
      return {
        status: fault.status ?? 403,
        headers: { "retry-after": String(fault.retryAfter) },
        body: {
          documentation_url:
            "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
          message: `You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID ${requestId}.`,
        },
      };
    case "primary rate limit":
      return {
        status: 403,
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(fault.resetsAt) },
        body: {
          message: `API rate limit exceeded for installation. If you reach out to GitHub Support for help, please include the request ID ${requestId}.`,
          documentation_url: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
          status: "403",
        },
      };
    case "half a reply":
    case "silence":
    case "slow":
      return undefined;
    default:
      return assertNever(fault);
  }
}

function strikeOf(told: Misbehaviour): Strike {
  const real = told.with.kind === "half a reply" || told.with.kind === "slow";
  return { fault: told.with, applied: real || (told.applied ?? false) };
}

const messages: Readonly<Record<number, string>> = {
  401: "Bad credentials",
  403: "Resource not accessible by integration",
  404: "Not Found",
  422: "Validation Failed",
  429: "Too many requests",
  500: "Server Error",
  502: "Server Error",
  503: "Service unavailable",
};

function statusReply(fault: Extract<Fault, { kind: "status" }>): Reply {
  const message = fault.message ?? messages[fault.status] ?? "Error";
  const reply = errorReply(undefined, fault.status, message);
  if (fault.retryAfter === undefined) return reply;
  return { ...reply, headers: { "retry-after": String(fault.retryAfter) } };
}
