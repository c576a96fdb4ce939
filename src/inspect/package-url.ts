import type { PackageType } from "../model/image.ts";

/**
 * The URL of a package, without qualifiers: `pkg:npm/%40babel/core@7.26.0`. One without a version
 * has an empty one. https://www.packageurl.org/docs/purl/how-to-build
 */
export function packageUrl(type: PackageType, name: string, version: string): string {
  const names = namesOf(type, name).filter((part) => part !== "");
  const path = names.map(encoded).join("/");
  return version === "" ? `pkg:${type}/${path}` : `pkg:${type}/${path}@${encoded(version)}`;
}

/**
 * The parts of a name that are parts of the path of its URL.
 * https://github.com/package-url/purl-spec/tree/main/types
 */
function namesOf(type: PackageType, name: string): readonly string[] {
  switch (type) {
    case "pypi":
      return [name.toLowerCase().replaceAll("_", "-")];
    case "maven":
      return name.split(":");
    case "npm":
      return name.split("/");
    case "golang":
      return name.toLowerCase().split("/");
    case "deb":
    case "apk":
      return [name.toLowerCase()];
    case "rpm":
    case "gem":
      return [name];
  }
}

/** Letters, digits and `.-_~:` stand for themselves. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%3A", ":")
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
