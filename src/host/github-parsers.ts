// GitHub's answers, narrowed to what we use of them. Undefined: not (all of) what was promised.

import { asRecord } from "../foreign-json.ts";
import type { IssueComment, SarifStatus } from "./host.ts";

/** https://docs.github.com/rest/issues/comments */
export function parseComment(body: unknown): IssueComment | undefined {
  const { id, body: text, html_url: url, user } = asRecord(body);
  if (typeof id !== "number" || typeof url !== "string") return undefined;
  // The account of an author may be gone, and a comment may have no text.
  const { login, type } = asRecord(user);
  return {
    id,
    author: typeof login === "string" ? login : "",
    authorIsBot: type === "Bot",
    body: typeof text === "string" ? text : "",
    url,
  };
}

export function parseComments(body: unknown): readonly IssueComment[] | undefined {
  if (!Array.isArray(body)) return undefined;
  const comments = body.map(parseComment).filter((comment) => comment !== undefined);
  return comments.length === body.length ? comments : undefined;
}

/** https://docs.github.com/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data */
export function parseUpload(body: unknown): { readonly id: string } | undefined {
  const { id } = asRecord(body);
  return typeof id === "string" ? { id } : undefined;
}

/** https://docs.github.com/rest/code-scanning/code-scanning#get-information-about-a-sarif-upload */
export function parseStatus(body: unknown): SarifStatus | undefined {
  const { processing_status: status, errors } = asRecord(body);
  if (status !== "pending" && status !== "complete" && status !== "failed") return undefined;
  const texts = Array.isArray(errors) ? errors.filter((error) => typeof error === "string") : [];
  return { status, errors: texts };
}

/** https://docs.github.com/rest/users/users#get-the-authenticated-user */
export function parseLogin(body: unknown): string | undefined {
  const { login } = asRecord(body);
  return typeof login === "string" ? login : undefined;
}
