import { publicUserDocument } from "../documents/user.ts";
import type { Call, Endpoints } from "../endpoint.ts";
import { errorReply, notAccessible, type Reply } from "../replies.ts";

/** Who the token belongs to. A workflow's own token belongs to nobody and is refused. */
export const userEndpoints: Endpoints = {
  "users/get-authenticated": { kind: "user", handle: getAuthenticated },
};

function getAuthenticated(call: Call): Reply {
  if (call.token === undefined) return errorReply(call.operation, 401, "Requires authentication");
  if (call.token.kind === "installation") return notAccessible(call.operation);
  return { status: 200, body: publicUserDocument(call.links, call.token.login) };
}
