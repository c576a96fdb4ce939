import { ToolError } from "../errors.ts";
import { type ForeignValue, readForeignJson } from "../foreign-json.ts";
import { type ImageFinding, OUTLOOKS, SCAN_KINDS, SEVERITIES } from "../model/finding.ts";
import type { Memory } from "../state/memory.ts";
import type { ImageScan } from "./trivy-report.ts";

/** Goes into every key: what was remembered in another form is not found. */
export const REMEMBERED_FORM = 6;

/** What an earlier run found in an image, if it was remembered and can be read. */
export async function recallScan(memory: Memory, key: string): Promise<ImageScan | undefined> {
  const bytes = await memory.recall("scans", key);
  if (bytes === undefined) return undefined;
  try {
    return parseScan(readForeignJson("the memory", new TextDecoder().decode(bytes)));
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

/** Keeps what was found in an image. */
export async function rememberScan(memory: Memory, key: string, scan: ImageScan): Promise<void> {
  await memory.remember("scans", key, new TextEncoder().encode(JSON.stringify(scan)));
}

function parseScan(value: ForeignValue): ImageScan {
  const ignored = value.field("ignored");
  return {
    findings: value.field("findings").items().map(parseFinding),
    notes: value
      .field("notes")
      .items()
      .map((note) => note.text()),
    ...(ignored.isNothing ? {} : { ignored: ignored.items().map((rule) => rule.text()) }),
  };
}

const TEXTS = ["title", "help", "package", "installed", "fixed", "path", "layerDiffId"] as const;

function parseFinding(value: ForeignValue): ImageFinding {
  const outlook = value.field("outlook");
  const cvss = value.field("cvss").optionalNumber();
  const killedByLayer = value.field("killedByLayer").optionalNumber();
  const historyEntry = value.field("historyEntry").optionalNumber();
  const texts = TEXTS.flatMap((name) => {
    const field = value.field(name);
    return field.isNothing ? [] : [[name, field.text()] as const];
  });
  return {
    tool: value.field("tool").oneOf(["trivy"]),
    kind: value.field("kind").oneOf(SCAN_KINDS),
    rule: value.field("rule").text(),
    severity: value.field("severity").oneOf(SEVERITIES),
    message: value.field("message").text(),
    ...Object.fromEntries(texts),
    ...(outlook.isNothing ? {} : { outlook: outlook.oneOf(OUTLOOKS) }),
    ...(cvss === undefined ? {} : { cvss }),
    ...(historyEntry === undefined ? {} : { historyEntry }),
    ...(killedByLayer === undefined ? {} : { killedByLayer }),
  };
}
