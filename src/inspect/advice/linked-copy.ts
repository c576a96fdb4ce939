import type { Layer } from "../../model/image.ts";
import { argumentsOf } from "./copy-source.ts";

const LINK = /^(\S+\s+(?:--\S+\s+)*?)--link(?:=true)?\s+/i;

/**
 * A copy without `--link`, which has folders on the way to where it goes in a layer of its own, so that
 * they get an owner too that it gives; undefined where there is none of that.
 * https://docs.docker.com/reference/dockerfile/#copy---link
 */
export function unlinked(layer: Layer): Layer | undefined {
  const { instruction = "" } = layer;
  const target = argumentsOf(instruction).at(-1) ?? "";
  const isBelowRoot = /^\/[^/]*\/?$/.test(target);
  if (!LINK.test(instruction) || isBelowRoot) return undefined;
  return { ...layer, instruction: instruction.replace(LINK, "$1") };
}
