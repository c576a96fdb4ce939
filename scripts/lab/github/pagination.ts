/** A page of a list, and the header that leads to the others. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** `link`, or no header at all when everything fits on one page. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The page that a request asks for: 30 items unless `per_page` says otherwise, never more than
 * 100, whatever it says. The addresses of the other pages name the repository by its number,
 * as GitHub's do, so whoever follows them must not take them apart.
 * https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export function pageOf<Item>(
  all: readonly Item[],
  request: { readonly query: URLSearchParams; readonly url: string },
): Page<Item> {
  const size = Math.min(100, atLeastOne(request.query.get("per_page"), 30));
  const page = atLeastOne(request.query.get("page"), 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const links = [
    ...(page > 1 ? [linkTo(request, Math.min(page - 1, last), "prev")] : []),
    ...(page < last ? [linkTo(request, page + 1, "next"), linkTo(request, last, "last")] : []),
    ...(page > 1 ? [linkTo(request, 1, "first")] : []),
  ];
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}

function atLeastOne(text: string | null, otherwise: number): number {
  const number = Number(text ?? otherwise);
  return number >= 1 ? number : otherwise;
}

function linkTo(
  request: { readonly query: URLSearchParams; readonly url: string },
  page: number,
  relation: string,
): string {
  const query = new URLSearchParams(request.query);
  query.set("page", String(page));
  return `<${request.url}?${query}>; rel="${relation}"`;
}
