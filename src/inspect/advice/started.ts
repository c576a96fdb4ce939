// What a container starts, as far as its image says so.

import type { Instruction } from "../../model/plan.ts";
import { namesPath } from "./commands.ts";
import { STARTS } from "./needed.ts";
import { MOST_CHARACTERS } from "./project-uses.ts";

/** Programs that build others, by the names that distributions give them. */
const BUILDERS =
  /(?:^|[\s/])(?:(?:[\w-]+-)?(?:gcc|g\+\+|cpp|ld)(?:-\d+)?|cc|c\+\+|clang(?:\+\+)?(?:-\d+)?|make|gmake|cmake|ctest|ninja|meson|autoconf|automake|autoreconf|libtool|bison|flex|patch|rustc|cargo|go|node-gyp|dpkg-buildpackage|rpmbuild|(?:python[\d.]*|pg|llvm|mysql|xml2|pkg|php)-config|pip[\d.]*\s(?:\S+\s)*install)(?=\s|$)/;

/** Whether a container starts what builds programs, rather than a program that was built. */
export function startsBuilder(chain: readonly Instruction[]): boolean {
  return startsIn(chain).some((words) => words.length > MOST_CHARACTERS || BUILDERS.test(words));
}

/** What package managers are told that use again what they have fetched, by the folder of that. */
const CACHE_USERS: readonly (readonly [folder: RegExp, user: RegExp])[] = [
  [/^\/var\/(?:lib|cache)\/apt/, /\b(?:apt|apt-get|aptitude)\s(?:.*\s)?install\s/],
  [/\.cache\/pip$|\.cache\/pypoetry\b/, /\b(?:pip[\d.]*|poetry)\s(?:.*\s)?install\s/],
  [
    /\.cache\/uv$/,
    /\buvx\s(?=\S)|\buv\s(?:tool|x|pip|sync)\b|\buv\srun\s.*--(?:with|isolated|no-project|script)/,
  ],
  [/\/_cacache$/, /\bnpm\s(?:.*\s)?(?:ci|i|install|exec)\s|\bnpx\s/],
  [
    /yarn$|share\/\.cache$|pnpm\/store$/,
    /\b(?:yarn|pnpm)\s(?:.*\s)?(?:install|add|dlx)\s|\byarn\s+$/,
  ],
  [/go-build$|go\/pkg\/mod\/cache$/, /\bgo\s/],
  [/\.m2\/repository$/, /\bmvn[dw]?\s/],
  [/\.gradle\/caches$/, /\bgradlew?\s/],
  [/\.cargo\/registry$/, /\bcargo\s/],
  [/\.cache\/composer$/, /\bcomposer\s/],
];

/** Whether a container starts what reads the cache of a package manager: that, or what names it. */
export function startsUserOf(folder: string, chain: readonly Instruction[]): boolean {
  const [, user] = CACHE_USERS.find(([known]) => known.test(folder)) ?? [];
  const isNamed = (text: string) =>
    namesPath(text, folder) || namesPath(text.replace(/(?:~|\$\{?HOME\}?)\//g, "/root/"), folder);
  // A setting says where a cache is, but not that it is needed; a path of search does.
  const searches = chain.filter(({ keyword, text }) => keyword === "ENV" && /PATH[\s=]/.test(text));
  return (
    startsIn(chain).some(
      (words) => words.length > MOST_CHARACTERS || user?.test(words) || isNamed(words),
    ) || searches.some(({ text }) => isNamed(text))
  );
}

/** The words of all that an image starts, in whatever form, with a blank between and around them. */
function startsIn(chain: readonly Instruction[]): readonly string[] {
  return chain
    .filter(({ keyword }) => STARTS.includes(keyword))
    .map(({ text }) => `${text.replace(/["',;&|()[\]\s]+/g, " ")} `);
}
