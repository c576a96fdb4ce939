import { getOctokit } from "@actions/github";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeComment } from "../../../scripts/lab/github/seed.ts";
import type { GitHubStandIn } from "../../../scripts/lab/github/server.ts";
import { ask, startOctoApp } from "./octo-app.ts";

let github: GitHubStandIn;
let time: Date;

beforeEach(async () => {
  time = new Date("2026-11-22T10:00:00.500Z");
  github = await startOctoApp({ now: () => time });
});
afterEach(() => github.close());

function writeComments(count: number): void {
  for (let index = 1; index <= count; index++) {
    const seed = { issue: 7, login: "octocat", body: `comment ${index}` };
    writeComment(github.repository("octo/app"), seed, time);
  }
}

test("a comment is created in the name of the token's owner, to the second", async () => {
  const reply = await ask(github, "POST /repos/octo/app/issues/7/comments", {
    body: { body: "hello" },
  });
  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({
    body: "hello",
    user: { login: "github-actions[bot]", type: "Bot", id: 41898282 },
    performed_via_github_app: { slug: "github-actions" },
    created_at: "2026-11-22T10:00:00Z",
    updated_at: "2026-11-22T10:00:00Z",
    html_url: `https://github.com/octo/app/pull/7#issuecomment-${reply.at("id")}`,
  });
  expect(reply.headers.get("location")).toBe(reply.at("url"));
  expect(github.repository("octo/app").comments).toHaveLength(1);
});

test("an update keeps id and creation time and moves the time of the update", async () => {
  const path = "/repos/octo/app/issues/7/comments" as const;
  const created = await ask(github, `POST ${path}`, { body: { body: "old" } });
  time = new Date("2026-11-22T11:00:00Z");
  const { body: updated } = await ask(
    github,
    `PATCH /repos/octo/app/issues/comments/${created.at("id")}`,
    { body: { body: "new" } },
  );
  expect(updated).toMatchObject({
    id: created.at("id"),
    body: "new",
    created_at: "2026-11-22T10:00:00Z",
    updated_at: "2026-11-22T11:00:00Z",
  });
});

test("a deleted comment is gone and its id is not given out again", async () => {
  const path = "/repos/octo/app/issues/7/comments" as const;
  const first = await ask(github, `POST ${path}`, { body: { body: "one" } });
  const deleted = await ask(github, `DELETE /repos/octo/app/issues/comments/${first.at("id")}`);
  const again = await ask(github, `GET /repos/octo/app/issues/comments/${first.at("id")}`);
  const second = await ask(github, `POST ${path}`, { body: { body: "two" } });
  expect([deleted.status, again.status]).toEqual([204, 404]);
  expect(Number(second.at("id"))).toBeGreaterThan(Number(first.at("id")));
});

test("a list has 30 comments a page and links to the next and the last by number", async () => {
  writeComments(70);
  const { body, headers } = await ask(github, "GET /repos/octo/app/issues/7/comments");
  const numbered = `${github.url}/repositories/3000000001/issues/7/comments`;
  expect(body).toHaveLength(30);
  expect(headers.get("link")).toBe(
    `<${numbered}?page=2>; rel="next", <${numbered}?page=3>; rel="last"`,
  );
});

test("a page in the middle links to all four sides", async () => {
  writeComments(5);
  const path = "/repos/octo/app/issues/7/comments?per_page=2&page=2" as const;
  const { body, headers } = await ask(github, `GET ${path}`);
  expect(body).toMatchObject([{ body: "comment 3" }, { body: "comment 4" }]);
  const relations = [...(headers.get("link") ?? "").matchAll(/page=(\d)>; rel="(\w+)"/g)];
  expect(relations.map(([, page, relation]) => `${relation} ${page}`)).toEqual([
    "prev 1",
    "next 3",
    "last 3",
    "first 1",
  ]);
});

test("a page never has more than 100 comments, whatever is asked for", async () => {
  writeComments(130);
  const { body } = await ask(github, "GET /repos/octo/app/issues/7/comments?per_page=500");
  expect(body).toHaveLength(100);
});

test("a list on one page has no link header", async () => {
  writeComments(30);
  const { headers } = await ask(github, "GET /repos/octo/app/issues/7/comments");
  expect(headers.get("link")).toBeNull();
});

test("GitHub's own client finds every comment by following the links", async () => {
  writeComments(230);
  const octokit = getOctokit("writer", { baseUrl: github.url });
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    owner: "octo",
    repo: "app",
    issue_number: 7,
    per_page: 100,
  });
  expect(comments.map((comment) => comment.body)).toEqual(
    Array.from({ length: 230 }, (_, index) => `comment ${index + 1}`),
  );
  expect(github.exchanges.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test("only comments that changed since a time are listed when that is asked for", async () => {
  writeComments(1);
  time = new Date("2026-11-22T12:00:00Z");
  writeComments(1);
  const { body } = await ask(
    github,
    "GET /repos/octo/app/issues/7/comments?since=2026-11-22T11:00:00Z",
  );
  expect(body).toHaveLength(1);
});

test("a body of 65,536 characters is taken and one more is refused in GitHub's words", async () => {
  const path = "/repos/octo/app/issues/7/comments" as const;
  const longest = await ask(github, `POST ${path}`, { body: { body: "🐳".repeat(65_536) } });
  const longer = await ask(github, `POST ${path}`, { body: { body: "x".repeat(65_537) } });
  expect(longest.status).toBe(201);
  expect(longer.status).toBe(422);
  expect(longer.body).toEqual({
    message: "Validation Failed",
    errors: [
      {
        resource: "IssueComment",
        code: "unprocessable",
        field: "data",
        message: "Body is too long (maximum is 65536 characters)",
      },
    ],
    documentation_url: "https://docs.github.com/rest/issues/comments#create-an-issue-comment",
    status: "422",
  });
});

test("a pull request that does not exist has no comments", async () => {
  const listed = await ask(github, "GET /repos/octo/app/issues/8/comments");
  const created = await ask(github, "POST /repos/octo/app/issues/8/comments", {
    body: { body: "x" },
  });
  expect([listed.status, created.status]).toEqual([404, 404]);
});
