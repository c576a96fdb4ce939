import { fullName, type Repository } from "./state.ts";

/** Where things are said to be: the API, which is the stand-in, and the pages, which are GitHub's. */
export interface Links {
  /** Without a slash at the end, as in `http://127.0.0.1:4567`. */
  readonly api: string;
  /** Without a slash at the end, as in `https://github.com`. */
  readonly pages: string;
}

/** The repository's address in the API. */
export function repositoryUrl(
  links: Links,
  repository: Pick<Repository, "owner" | "name">,
): string {
  return `${links.api}/repos/${fullName(repository)}`;
}

/** The repository's page. */
export function repositoryPage(
  links: Links,
  repository: Pick<Repository, "owner" | "name">,
): string {
  return `${links.pages}/${fullName(repository)}`;
}

/** The opaque id that GitHub's GraphQL API gives to the same thing. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString("base64");
}
