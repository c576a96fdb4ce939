import { type Links, nodeId, repositoryPage, repositoryUrl } from "../links.ts";
import { fullName, type Repository } from "../state.ts";
import { userDocument } from "./user.ts";

/** What a document needs to know of a repository. */
export type RepositoryFacts = Pick<
  Repository,
  "id" | "owner" | "name" | "private" | "defaultBranch"
> & {
  /** Whether it is somebody's copy of another one. Default no. */
  readonly fork?: boolean;
};

/** What stands below a repository's own address, by the member that says so. */
const addresses: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

/** A repository as GitHub shows it inside of other documents (`repository`, `minimal-repository`). */
export function repositoryDocument(
  links: Links,
  repository: RepositoryFacts,
): Readonly<Record<string, unknown>> {
  const url = repositoryUrl(links, repository);
  const page = repositoryPage(links, repository);
  const below = Object.entries(addresses).map(([name, path]) => [name, `${url}${path}`]);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: fullName(repository),
    owner: userDocument(links, repository.owner),
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    html_url: page,
    description: null,
    fork: repository.fork ?? false,
    url,
    ...Object.fromEntries(below),
    git_url: `git:${page.replace(/^https?:/, "")}.git`,
    ssh_url: `git@${page.replace(/^https?:\/\//, "").replace("/", ":")}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    ...settings(repository),
    created_at: "2024-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    pushed_at: "2026-01-01T00:00:00Z",
  };
}

/** A repository as `GET /repos/{owner}/{repo}` shows it (`full-repository`). */
export function fullRepositoryDocument(
  links: Links,
  repository: RepositoryFacts,
): Readonly<Record<string, unknown>> {
  return { ...repositoryDocument(links, repository), network_count: 0, subscribers_count: 1 };
}

function settings(repository: RepositoryFacts): Readonly<Record<string, unknown>> {
  return {
    homepage: null,
    language: "Dockerfile",
    license: null,
    topics: [],
    size: 108,
    default_branch: repository.defaultBranch,
    forks: 0,
    forks_count: 0,
    open_issues: 1,
    open_issues_count: 1,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
  };
}
