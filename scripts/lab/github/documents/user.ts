import { type Links, nodeId } from "../links.ts";

/** The id of the user behind every workflow's own token. */
const actionsBotId = 41_898_282;

/** A user as GitHub shows it inside of other documents (`simple-user`). */
export function userDocument(links: Links, login: string): Readonly<Record<string, unknown>> {
  const bot = login.endsWith("[bot]");
  const id = login === "github-actions[bot]" ? actionsBotId : idOf(login);
  const url = `${links.api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(bot ? "Bot" : "User", id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `${links.pages}/${bot ? `apps/${login.replace("[bot]", "")}` : login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: bot ? "Bot" : "User",
    user_view_type: "public",
    site_admin: false,
  };
}

/** A user as GitHub shows it to everybody at an address of its own (`public-user`). */
export function publicUserDocument(links: Links, login: string): Readonly<Record<string, unknown>> {
  return {
    ...userDocument(links, login),
    name: login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: "2011-01-25T18:44:36Z",
    updated_at: "2026-01-01T00:00:00Z",
  };
}

/** The GitHub App that a workflow's own token writes for (`integration`). */
export function actionsAppDocument(links: Links): Readonly<Record<string, unknown>> {
  return {
    id: 15_368,
    slug: "github-actions",
    node_id: nodeId("Integration", 15_368),
    owner: userDocument(links, "github"),
    name: "GitHub Actions",
    description: "Automate your workflow from idea to production",
    external_url: "https://help.github.com/en/actions",
    html_url: `${links.pages}/apps/github-actions`,
    created_at: "2018-07-30T09:30:17Z",
    updated_at: "2025-03-07T16:35:00Z",
    permissions: { contents: "write", issues: "write", pull_requests: "write" },
    events: ["pull_request", "push"],
  };
}

/** The same id for the same login, always. */
function idOf(login: string): number {
  let id = 7;
  for (const character of login) id = (id * 31 + (character.codePointAt(0) ?? 0)) % 99_999_989;
  return id + 1;
}
