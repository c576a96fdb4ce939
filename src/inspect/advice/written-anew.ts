// What a line deletes and installs once more is written anew: that is no change of metadata, though the
// content may be the same.

import type { Layer } from "../../model/image.ts";
import { type Saving, SEVERAL } from "../savings/saving.ts";
import { isRun } from "./instructions.ts";
import { isPattern, mayBeBelow } from "./path-pattern.ts";

/**
 * Savings of which changes of metadata begin where files were last written anew; none where a line that
 * writes them anew is all that changed them, or it is not known of which files.
 */
export function sinceWrittenAnew(
  savings: readonly Saving[],
  layers: readonly Layer[],
): readonly Saving[] {
  const since = savings.flatMap((saving) => sinceLastWriter(saving, savings, layers) ?? []);
  const moved = since.filter((saving) => !savings.includes(saving));
  if (moved.length === 0) return since;
  const groups = Map.groupBy(since, (saving) => {
    return saving.rule === "metadata-only" ? layersKey(saving) : saving;
  });
  return [...groups.values()].flatMap((same) => {
    return same.some((saving) => moved.includes(saving)) ? [together(same)] : same;
  });
}

function layersKey({ layer, middleLayers = [], laterLayer }: Saving): string {
  return [layer, ...middleLayers, laterLayer].join(" ");
}

/** The same saving where nothing is written anew; undefined where nothing else is left of it. */
function sinceLastWriter(
  saving: Saving,
  savings: readonly Saving[],
  layers: readonly Layer[],
): Saving | undefined {
  const { rule, laterLayer = saving.layer, middleLayers = [], otherLayers = [] } = saving;
  if (rule !== "metadata-only") return saving;
  const isAnew = (layer: number) => writesAnew(layers[layer], saving);
  const isMuch = (layer: number) => bytesOf(savings, saving.layer, layer) > saving.bytes * MUCH;
  if (isAnew(laterLayer) || otherLayers.some((layer) => isAnew(layer) && isMuch(layer))) {
    return undefined;
  }
  const at = middleLayers.findLastIndex(isAnew);
  const layer = middleLayers[at];
  if (layer === undefined) return saving;
  const middle = middleLayers.slice(at + 1);
  // Each of the layers wrote all of the files once more.
  const bytes = (saving.bytes / (middleLayers.length + 1)) * (middle.length + 1);
  return lessKnown({ ...saving, layer, bytes: Math.round(bytes), middleLayers: middle });
}

/** So much of a saving has to be written anew in between, for that not to be told. */
const MUCH = 0.01;

/** What one layer wrote and another wrote again with the same content, as far as it is told. */
function bytesOf(savings: readonly Saving[], layer: number, by: number): number {
  return savings
    .filter((saving) => saving.rule === "metadata-only" && saving.layer === layer)
    .filter(({ laterLayer, middleLayers = [] }) => [...middleLayers, laterLayer].includes(by))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Without what was found out for other files than it is about now. */
function lessKnown({ middleLayers = [], ...saving }: Saving): Saving {
  const { besides, isSole, ownFolder, folderOwner, folderMode, ...rest } = saving;
  return {
    ...rest,
    ...(middleLayers.length > 0 && { middleLayers }),
    isPartial: true,
    besides: [...middleLayers, saving.laterLayer].map(() => {
      return { folders: [], paths: [], isCut: true as const };
    }),
  };
}

function together(same: readonly Saving[]): Saving {
  const [largest] = same.toSorted((one, other) => other.bytes - one.bytes);
  if (largest === undefined) throw new Error("no savings");
  const [owner, mode] = [
    commonOf(same.flatMap((saving) => saving.owner ?? [])),
    commonOf(same.flatMap((saving) => saving.mode ?? [])),
  ];
  return {
    ...lessKnown(largest),
    ...(owner !== undefined && { owner }),
    ...(mode !== undefined && { mode }),
    bytes: same.reduce((sum, { bytes }) => sum + bytes, 0),
    files: same.reduce((sum, { files }) => sum + files, 0),
  };
}

function commonOf([first, ...others]: readonly string[]): string | undefined {
  return others.every((each) => each === first) ? first : SEVERAL;
}

/** Whether a line writes files anew that it deletes or installs. */
function writesAnew(layer: Layer | undefined, { paths }: Saving): boolean {
  const { instruction = "" } = layer ?? {};
  if (!isRun({ instruction })) return false;
  const isInstalling = INSTALLS.test(instruction);
  if (isInstalling && !CHANGES.test(instruction)) return true;
  if (REPLACES_MODULES.test(instruction) && paths.some((path) => path.includes("/node_modules/"))) {
    return true;
  }
  return removedBy(instruction).some((operand) => {
    return /[$`{]/.test(operand) ? isInstalling : paths.some((path) => isRemoved(path, operand));
  });
}

const CHANGES = /\b(?:chown|chmod|chgrp|setfacl|usermod)\b/;
const INSTALLS =
  /\b(?:npm|pnpm|yarn|bun|pip[\d.]*|uv|poetry|pipenv|pdm|venv|virtualenv|conda|mamba|bundle|gem|composer|apt(?:-get)?|apk|dnf|microdnf|yum|zypper|rpm|dpkg)\b/;
/** https://docs.npmjs.com/cli/commands/npm-ci */
const REPLACES_MODULES = /\bnpm\s+(?:ci|clean-install)\b/;

/** What a line deletes, as it is written, without quotes. */
function removedBy(instruction: string): readonly string[] {
  return instruction.split(/&&|\|\||[;\n]/).flatMap((command) => {
    const words = command.replace(/["']/g, "").trim().split(/\s+/);
    const at = words.indexOf("rm");
    return at === -1 ? [] : words.slice(at + 1).filter((word) => !word.startsWith("-"));
  });
}

/**
 * Whether a path is what is deleted, or in it; what is deleted from some folder is known by name. Of what
 * a pattern stands for in some folder nothing is known.
 */
function isRemoved(path: string, operand: string): boolean {
  const place = operand.replace(/^\.\//, "").replace(/(?<!\/)\/+$/, "");
  if (isPattern(place)) return place.startsWith("/") && mayBeBelow(path, place);
  return place.startsWith("/")
    ? `${path}/`.startsWith(`${place}/`)
    : `${path}/`.includes(`/${place}/`);
}
