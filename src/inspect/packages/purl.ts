import type { PackageType } from "../../model/image.ts";

/** What a package URL is made of; a package without a version has an empty one. */
export interface PackageIdentity {
  readonly type: PackageType;
  readonly name: string;
  readonly version: string;
}

/**
 * A package as a package URL, `pkg:npm/%40angular/core@19.0.0`: plain ASCII, whatever it is called.
 * https://www.packageurl.org/docs/purl/how-to-build
 */
export function purlOf({ type, name, version }: PackageIdentity): string {
  const segments = segmentsOf(type, name).filter((segment) => segment !== "");
  const path = segments.map(percentEncoded).join("/");
  return `pkg:${type}/${path}${version === "" ? "" : `@${percentEncoded(version)}`}`;
}

/**
 * Namespace and name as each type has them.
 * https://github.com/package-url/purl-spec/tree/main/types
 */
function segmentsOf(type: PackageType, name: string): readonly string[] {
  switch (type) {
    case "deb":
    case "apk":
      return [name.toLowerCase()];
    case "pypi":
      return [name.toLowerCase().replaceAll("_", "-")];
    case "golang":
      return name.toLowerCase().split("/");
    case "npm":
      return name.split("/");
    case "maven":
      return name.split(":");
    case "rpm":
    case "gem":
      return [name];
  }
}

/** All but letters, digits and `.-_~:`. */
function percentEncoded(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replaceAll("%3A", ":");
  return encoded.replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
