// One line that is to be written otherwise for several reasons is written so for all of them at once.

import { workingFolder } from "./context-source.ts";
import { flagged, isRun } from "./instructions.ts";
import { makesHome, mountsOf, removesItself } from "./mounts.ts";
import { joinedAdvice, type Told } from "./told.ts";

/** Advice with its lines written for all that is told of them; what is of one rule there is told as one. */
export function writtenForAll(all: readonly Told[]): readonly Told[] {
  const written = all.map((one) => withAllChanges(one, all));
  const groups = Map.groupBy(written, (one) => {
    const { change, advice } = one;
    return change?.mount === undefined ? one : `${advice.rule} ${change.layer.line}`;
  });
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length === 1) return same;
    const message = same.map(({ advice }) => advice.message).join(" ");
    return [joinedAdvice(first, same, { message, instead: first.advice.instead })];
  });
}

function withAllChanges(one: Told, all: readonly Told[]): Told {
  const { advice, change } = one;
  if (change === undefined) return withMounts(one, all);
  const { layer } = change;
  const changes = all.flatMap((other) => (other.change?.layer === layer ? [other.change] : []));
  const mounts = changes.flatMap(({ mount }) => mount ?? []);
  const [instruction = layer.instruction] = changes.flatMap(({ written }) => written ?? []);
  const line = instruction === undefined ? layer : { ...layer, instruction };
  const instead = mounts.length === 0 ? advice.instead : flagged(line, [...new Set(mounts)]);
  return { ...one, advice: { ...advice, instead } };
}

/** What is advised in place of several lines mounts what each of them is advised to. */
function withMounts(one: Told, all: readonly Told[]): Told {
  const { instead, lines } = one.advice;
  const { first, chain } = one.about;
  const folder = workingFolder({ first, chain });
  const mounts = all.flatMap(({ change }) => {
    const isIn = lines.includes(change?.layer.line ?? 0);
    const isFree = change?.mount !== undefined && canMount(change.mount, instead, folder);
    return isIn && isFree ? [change.mount] : [];
  });
  if (mounts.length === 0 || !isRun({ instruction: instead })) return one;
  const written = flagged({ instruction: instead }, [...new Set(mounts)]);
  return { ...one, advice: { ...one.advice, instead: written } };
}

/** Whether a line mounts nothing there yet, and neither deletes nor makes what would be a mount then. */
function canMount(mount: string, instruction: string, folder: string): boolean {
  const [{ target } = { target: "" }] = mountsOf(`RUN ${mount} `);
  const isThere = mountsOf(instruction).some((each) => each.target === target);
  return !isThere && !removesItself(target, instruction, folder) && !makesHome(target, instruction);
}
