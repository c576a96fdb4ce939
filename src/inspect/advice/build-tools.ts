import type { Advice } from "../../model/image.ts";
import type { PackageWeight } from "../boxes.ts";
import type { Advised } from "./advise.ts";

/** Packages of compilers, linkers and headers, by their names in Debian, Alpine and Red Hat. */
const TOOLS =
  /^(?:build-essential|build-base|gcc|gcc-\d+|g\+\+|g\+\+-\d+|cpp|cpp-\d+|clang.*|llvm.*|lld.*|make|cmake|ninja-build|autoconf|automake|libtool|bison|flex|patch|dpkg-dev|binutils.*|linux-libc-dev|linux-headers.*|kernel-headers|libc-dev-bin|musl-dev|rustc|cargo|golang.*|gcc-c\+\+)$|-(?:dev|devel)$/;

const SYSTEM_TYPES = ["deb", "apk", "rpm"];

/** Packages that are told by name. */
const MOST_NAMES = 3;

/** What a compiler needs, in the stage that a build without a target makes. */
export function adviseBuildTools({ image, stage, facts, layers }: Advised): readonly Advice[] {
  if (image.stages.at(-1) !== stage) return [];
  const tools = facts.packages.filter(
    ({ type, name, layer }) =>
      SYSTEM_TYPES.includes(type) && TOOLS.test(name) && layers[layer]?.origin === "own",
  );
  const byLine = Map.groupBy(tools, ({ layer }) => layers[layer]?.line);
  return [...byLine].flatMap(([line, installed]) =>
    line === undefined ? [] : [adviceOn(line, installed)],
  );
}

function adviceOn(line: number, tools: readonly PackageWeight[]): Advice {
  const names = tools.map(({ name }) => name);
  const shown = names.slice(0, MOST_NAMES).join(", ");
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return {
    rule: "build-tools",
    bytes: tools.reduce((sum, { bytes }) => sum + bytes, 0),
    lines: [line],
    message: `Line ${line} leaves what compilers need in a stage that is shipped: ${shown}${more}.`,
    instead: "install them in an earlier stage, and COPY --from it what they make",
    paths: [],
  };
}
