import type { PackageWeight } from "../boxes.ts";
import type { Saving } from "./saving.ts";

/** Packages of compilers, linkers and headers, by their names in Debian, Alpine and Red Hat. */
const TOOLS =
  /^(?:build-essential|build-base|gcc|gcc-\d+|g\+\+|g\+\+-\d+|cpp|cpp-\d+|clang.*|llvm.*|lld.*|make|cmake|ninja-build|autoconf|automake|libtool|bison|flex|patch|dpkg-dev|binutils.*|linux-libc-dev|linux-headers.*|kernel-headers|libc-dev-bin|musl-dev|rustc|cargo|golang.*|gcc-c\+\+)$|-(?:dev|devel)$/;

/** Whether a package of a distribution is there to build programs with. */
export function isBuildTool(name: string): boolean {
  return TOOLS.test(name);
}

/**
 * Compilers and headers of distributions that do not say who requires whom: without what only they
 * require.
 */
export function buildToolSavings(weights: readonly PackageWeight[]): readonly Saving[] {
  const tools = weights.filter(
    ({ type, name }) => (type === "apk" || type === "rpm") && isBuildTool(name),
  );
  return [...Map.groupBy(tools, ({ layer }) => layer)].map(([layer, packages]) => ({
    rule: "build-tools",
    subject: packages.map(({ name }) => name).join(", "),
    bytes: packages.reduce((sum, { bytes }) => sum + bytes, 0),
    files: packages.length,
    layer,
    paths: [],
  }));
}
