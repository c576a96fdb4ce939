import type { Advice } from "../../model/image.ts";
import type { PlacedPackage, PlacedSize } from "../../model/inspection.ts";
import { plainInstead, plainWords } from "../advice-words.ts";
import { formatBytes, formatFew, plural } from "../format.ts";
import { shortLine, shortPath } from "../visible.ts";
import { type Screen, tableBlock } from "./screen.ts";
import type { Cell, TerminalColumn } from "./table.ts";

/** A path is worth more room than a sentence. */
const PATH_LENGTH = 120;
const NAME_LENGTH = 80;
const SENTENCE_LENGTH = 600;

const PLACED: readonly TerminalColumn[] = [
  { title: "bytes", align: "right" },
  { title: "layer", align: "right" },
];

/** The largest paths of a kind. `end` stands behind each. */
export function biggestBlock(
  title: string,
  sizes: readonly PlacedSize[],
  end: "/" | "",
  screen: Screen,
): readonly string[] {
  if (sizes.length === 0) return [];
  const rows = sizes.map(({ path, bytes, layer }): readonly Cell[] => [
    ...placed(bytes, layer),
    { text: `${shortPath(path, PATH_LENGTH)}${end}` },
  ]);
  return tableBlock(title, [...PLACED, { title: "" }], rows, screen);
}

/** The largest packages, and how many there are. */
export function packageLines(
  packages: readonly PlacedPackage[],
  top: number,
  screen: Screen,
): readonly string[] {
  if (packages.length === 0) return [];
  const bytes = packages.reduce((sum, each) => sum + each.bytes, 0);
  const title = `${plural(packages.length, "package")}, ${formatBytes(bytes)}`;
  const rows = packages
    .slice(0, top)
    .map((each): readonly Cell[] => [
      ...placed(each.bytes, each.layer),
      { text: each.type, style: "dim" },
      { text: shortLine(`${each.name} ${each.version}`, NAME_LENGTH) },
    ]);
  return tableBlock(title, [...PLACED, { title: "" }, { title: "" }], rows, screen);
}

/** What to write otherwise, and what that saves. */
export function inspectionAdvice(
  advice: readonly Advice[],
  top: number,
  screen: Screen,
): readonly string[] {
  if (advice.length === 0) return [];
  const rows = advice.slice(0, top).map((one): readonly Cell[] => [
    { text: formatBytes(one.bytes) },
    { text: formatFew(one.lines.map(String), 3), style: "dim" },
    {
      text: [plainWords(one.message), `→ ${plainInstead(one)}`]
        .map((words) => shortLine(words, SENTENCE_LENGTH))
        .join("\n"),
    },
  ]);
  const columns = [
    { title: "saves", align: "right" },
    { title: "line", align: "right" },
    { title: "" },
  ] as const;
  return tableBlock("What would make it smaller", columns, rows, screen);
}

function placed(bytes: number, layer: number): readonly Cell[] {
  return [{ text: formatBytes(bytes) }, { text: String(layer), style: "dim" }];
}
