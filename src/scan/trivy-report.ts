import { type ForeignValue, readForeignJson } from "../foreign-json.ts";
import { type ImageFinding, type Outlook, SEVERITIES, type Severity } from "../model/finding.ts";
import { oneLine } from "../one-line.ts";
import type { ConfigurationSecret } from "./configuration-secrets.ts";

/** What Trivy says of one image. */
export interface ImageScan {
  readonly findings: readonly ImageFinding[];
  /** What the reader should know of the image. One sentence each; hostile text. */
  readonly notes: readonly string[];
  /** Rules of what the ignore file lists, each once, if there are any. Hostile text. */
  readonly ignored?: readonly string[];
}

/** Makes one line of at most so many characters. */
type Cut = (text: string, limit?: number) => string;

/**
 * Reads what `trivy image --format json` wrote. An image in which Trivy finds no operating system
 * and no packages has no results: that is fine, it has nothing to find.
 * @param tool name and version, for the error
 * @param image what Trivy was given: so it calls the image's configuration
 * @param conceal takes secrets out of a text, before it is cut: half a secret is not recognised
 * @throws ToolError when it is not Trivy's report on an image
 */
export function parseTrivyReport(
  tool: string,
  json: string,
  image: string,
  conceal: (text: string) => string,
): ImageScan {
  const cut: Cut = (text, limit) => oneLine(conceal(text), limit);
  const report = readForeignJson(tool, json);
  const schemaVersion = report.field("SchemaVersion");
  if (schemaVersion.integer() !== 2) schemaVersion.refuse("2");
  report.field("ArtifactType").oneOf(["container_image"]);
  // What is said of another image would pass this one for what that is.
  const artifact = report.field("ArtifactName");
  if ((artifact.optionalText() ?? image) !== image) artifact.refuse(image);
  const results = report.field("Results").optionalItems();
  const ignored = new Set(results.flatMap((result) => ignoredIn(result, cut)));
  return {
    findings: results.flatMap((result) => parseResult(result, image, cut)),
    notes: endOfLife(report.field("Metadata"), cut),
    ...(ignored.size > 0 && { ignored: [...ignored] }),
  };
}

/** What Trivy calls the rule of a finding, by the kind of it. */
const RULE_FIELDS = ["VulnerabilityID", "RuleID", "ID", "Name"] as const;

/** What `--show-suppressed` adds: https://trivy.dev/docs/latest/configuration/filtering/#suppression */
function ignoredIn(result: ForeignValue, cut: Cut): readonly string[] {
  const modified = result.field("ExperimentalModifiedFindings").optionalItems();
  return modified.flatMap((item) => {
    if (item.field("Status").optionalText() !== "ignored") return [];
    const finding = item.field("Finding");
    const rules = RULE_FIELDS.flatMap((name) => finding.field(name).optionalText() ?? []);
    return rules.slice(0, 1).map((rule) => cut(rule, 100));
  });
}

function endOfLife(metadata: ForeignValue, cut: Cut): readonly string[] {
  const system = metadata.field("OS");
  if (system.field("EOSL").optionalBoolean() !== true) return [];
  const family = system.field("Family").optionalText() ?? "operating system";
  const name = system.field("Name").optionalText() ?? "";
  const release = cut(`${family} ${name}`, 80);
  return [
    `${release} is past its end of life: newer vulnerabilities of its packages are not known.`,
  ];
}

function parseResult(result: ForeignValue, image: string, cut: Cut): readonly ImageFinding[] {
  const itemsOf = (name: string) => result.field(name).optionalItems();
  const target = result.field("Target").optionalText() ?? "";
  const isPackageFile = result.field("Class").optionalText() === "lang-pkgs" && !LABELS.has(target);
  const packageFile = isPackageFile ? target : undefined;
  return [
    ...itemsOf("Vulnerabilities").map((item) => vulnerability(item, packageFile, cut)),
    ...itemsOf("Secrets").map((item) => {
      return target === image ? configurationSecret(item, cut) : secret(item, target, cut);
    }),
    ...itemsOf("Misconfigurations")
      .filter(isFailure)
      .map((item) => misconfiguration(item, target, cut)),
    ...itemsOf("Licenses").map((item) => license(item, cut)),
  ];
}

/** Targets of packages that stand each for itself; other targets are the file that lists them. */
const LABELS: ReadonlySet<string> = new Set(["Python", "Conda", "Ruby", "Node.js", "Java"]);

function vulnerability(
  item: ForeignValue,
  packageFile: string | undefined,
  cut: Cut,
): ImageFinding {
  const rule = item.field("VulnerabilityID").text();
  const name = item.field("PkgName").text();
  const installed = item.field("InstalledVersion").optionalText();
  const fixed = item.field("FixedVersion").optionalText();
  const holder = cut(`${name} ${installed ?? ""}`, 120);
  const title = item.field("Title").optionalText() ?? item.field("Description").optionalText();
  const outlook = fixed === undefined ? outlookOf(item) : undefined;
  const remedy = fixed === undefined ? outlookWords(outlook) : `fixed in ${cut(fixed, 120)}`;
  return {
    tool: "trivy",
    kind: "vulnerability",
    rule,
    severity: severityOf(item),
    message: `${holder}: ${sentence(title ?? rule, cut)}; ${remedy}.`,
    ...optional("title", title && sentence(title, cut)),
    package: name,
    ...optional("installed", installed),
    ...optional("fixed", fixed),
    ...optional("outlook", outlook),
    ...optional("help", item.field("PrimaryURL").optionalText()),
    ...optional("path", inImage(item.field("PkgPath").optionalText() ?? packageFile)),
    ...optional("layerDiffId", layerOf(item)),
    ...optional("cvss", cvssOf(item)),
  };
}

/** Trivy's words: https://trivy.dev/docs/latest/configuration/filtering/#by-status */
function outlookOf(item: ForeignValue): Outlook | undefined {
  switch (item.field("Status").optionalText()) {
    case "will_not_fix":
      return "will-not-fix";
    case "fix_deferred":
      return "deferred";
    case "end_of_life":
      return "end-of-life";
    default:
      return undefined;
  }
}

/** What there is instead of a fixed version. */
function outlookWords(outlook: Outlook | undefined): string {
  switch (outlook) {
    case "will-not-fix":
      return "its vendor will not fix it";
    case "deferred":
      return "its vendor has put the fix off";
    case "end-of-life":
      return "no fix, as its support has ended";
    case undefined:
      return "no fix yet";
  }
}

/** The score of whoever gave the severity, so that the two never tell different stories. */
function cvssOf(item: ForeignValue): number | undefined {
  const source = item.field("SeveritySource").optionalText();
  if (source === undefined) return undefined;
  const scores = item.field("CVSS").field(source);
  return scores.field("V3Score").optionalNumber() ?? scores.field("V40Score").optionalNumber();
}

/** Neither the secret nor the text around it, which Trivy gives as `Match` and `Code`. */
function secret(item: ForeignValue, target: string, cut: Cut): ImageFinding {
  const title = cut(item.field("Title").text(), 120);
  const line = item.field("StartLine").integer();
  const path = inImage(target);
  return {
    tool: "trivy",
    kind: "secret",
    rule: item.field("RuleID").text(),
    severity: severityOf(item),
    message: `${title} in ${cut(path ?? "the image", 200)}, at line ${line} of that file.`,
    title,
    ...optional("path", path),
    ...optional("layerDiffId", layerOf(item)),
  };
}

/** What it is set to has its own finding where that is an instruction's doing: see `placeInHistory`. */
function configurationSecret(item: ForeignValue, cut: Cut): ConfigurationSecret {
  const title = cut(item.field("Title").text(), 120);
  return {
    tool: "trivy",
    kind: "secret",
    rule: item.field("RuleID").text(),
    severity: severityOf(item),
    message: `${title} in the image's configuration.`,
    title,
    configurationText: item.field("Match").optionalText() ?? "",
  };
}

function isFailure(item: ForeignValue): boolean {
  return item.field("Status").text() === "FAIL";
}

function misconfiguration(item: ForeignValue, target: string, cut: Cut): ImageFinding {
  const title = item.field("Title").optionalText() ?? item.field("ID").text();
  const detail = item.field("Message").optionalText() ?? item.field("Description").optionalText();
  return {
    tool: "trivy",
    kind: "misconfiguration",
    rule: item.field("ID").text(),
    severity: severityOf(item),
    message:
      detail === undefined
        ? `${sentence(title, cut)}.`
        : `${sentence(title, cut)}: ${sentence(detail, cut)}.`,
    title: sentence(title, cut),
    ...optional("help", item.field("PrimaryURL").optionalText()),
    ...optional("path", inImage(target)),
    ...optional("layerDiffId", layerOf(item)),
  };
}

function license(item: ForeignValue, cut: Cut): ImageFinding {
  // A license that was recognised by its text can have that text for a name.
  const name = cut(item.field("Name").text(), 100);
  const category = item.field("Category").optionalText() ?? "unknown";
  const packageName = item.field("PkgName").optionalText();
  const path = inImage(item.field("FilePath").optionalText());
  const holder = cut(packageName ?? path ?? "the image", 200);
  return {
    tool: "trivy",
    kind: "license",
    rule: name,
    severity: severityOf(item),
    message: `${holder} has the license ${name} (${cut(category, 60)}).`,
    ...optional("package", packageName),
    ...optional("path", path),
    ...optional("help", item.field("Link").optionalText()),
  };
}

/** Trivy's words in lower case; none at all is `unknown`. */
function severityOf(item: ForeignValue): Severity {
  const field = item.field("Severity");
  const word = field.optionalText()?.toLowerCase() ?? "unknown";
  return SEVERITIES.find((severity) => severity === word) ?? field.refuse("a severity");
}

function layerOf(item: ForeignValue): string | undefined {
  return item.field("Layer").field("DiffID").optionalText();
}

/** Trivy writes some paths without the root that all of them start from. */
function inImage(path: string | undefined): string | undefined {
  if (path === undefined || path === "") return undefined;
  return path.startsWith("/") ? path : `/${path}`;
}

/** One line without the full stop that the caller puts. */
function sentence(text: string, cut: Cut): string {
  return cut(text).replace(/\.+$/, "");
}

/** A property that is left out where there is nothing to say. */
function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [_ in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [_ in Name]: Value });
}
