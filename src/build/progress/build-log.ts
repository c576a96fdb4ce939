import type { Host } from "../../host/host.ts";
import type { Instruction } from "../../model/plan.ts";
import type { BakeTarget } from "../bake-file.ts";
import { exitCodeIn } from "../failure-reason.ts";
import { type OpenVertex, WaitTeller } from "./open-vertices.ts";
import type { StepEvent } from "./step-tracker.ts";

/** Characters of an instruction that fit on a line of the log. */
const INSTRUCTION_CHARACTERS = 100;

/** A step that takes longer than so many milliseconds is told while it runs, where nothing else tells of it. */
const SLOW = 5_000;

/** Columns for the names of stages; what has a longer name stands further right. */
const NAME_COLUMNS = 24;

/** Says what is being built. */
export interface BuildLog extends Disposable {
  tell(event: StepEvent): void;
  /** What is waited for from now on, and told when nothing else is. */
  watch(open: () => readonly OpenVertex[]): void;
}

/**
 * Says live what is being built: each line begins with its stage, because stages are built at the
 * same time. An instruction is named before its output. Never begins a line with text from outside.
 */
export function buildLog(
  host: Pick<Host, "log" | "kind">,
  targets: readonly BakeTarget[],
  slowAfter = SLOW,
): BuildLog {
  const nameOf = stageNames(targets);
  const width = columnsFor(targets, nameOf);
  // A runner's log is read later, and whole; on a terminal only a failure's output is wanted, and
  // the report shows that.
  const say = (line: string): void => {
    if (host.kind === "actions") host.log.info(line);
    else host.log.debug(line);
  };
  const isSilent = host.kind !== "actions" && !host.log.showsProgress;
  const waiting = new Map<Instruction, NodeJS.Timeout>();
  const tellSlow = (instruction: Instruction, prefix: string): void => {
    const line = `${prefix} │ ${shorten(instruction.text)} …`;
    waiting.set(instruction, setTimeout(() => host.log.info(line), slowAfter).unref());
  };
  const waits = new WaitTeller(host.log);
  const tell = (event: StepEvent): void => {
    waits.said();
    const { instruction } = event.step;
    const name = nameOf(event.step);
    const prefix = name.padEnd(width);
    if (event.kind !== "output") clearTimeout(waiting.get(instruction));
    switch (event.kind) {
      case "started":
        host.log.progress(`${name}: ${shorten(instruction.text)}`);
        say(`${prefix} │ ${shorten(instruction.text)}`);
        if (isSilent) tellSlow(instruction, prefix);
        return;
      case "output":
        say(`${prefix} │   ${event.line}`);
        return;
      case "done": {
        const time = event.cached ? "cached" : `${event.seconds.toFixed(1)} s`;
        host.log.info(`${prefix} │ ✓ ${shorten(instruction.text)}  ${time}`);
        return;
      }
      case "failed": {
        const exitCode = exitCodeIn(event.error);
        const how = exitCode === undefined ? "" : `, exit code ${exitCode}`;
        const after = `failed after ${event.seconds.toFixed(1)} s${how}`;
        host.log.info(`${prefix} │ ✗ ${shorten(instruction.text)}  ${after}`);
        return;
      }
    }
  };
  const stop = (): void => {
    waits[Symbol.dispose]();
    for (const timeout of waiting.values()) clearTimeout(timeout);
  };
  return { tell, watch: (open) => waits.watch(open), [Symbol.dispose]: stop };
}

type NamedStage = Pick<BakeTarget, "image" | "stage">;

function stageNames(targets: readonly BakeTarget[]): (target: NamedStage) => string {
  const severalImages = new Set(targets.map(({ image }) => image)).size > 1;
  return ({ image, stage }) => (severalImages ? `${image.name}/${stage.name}` : stage.name);
}

/** The same for every line, whichever stages a solve is for: steps of all the others come up too. */
function columnsFor(
  targets: readonly BakeTarget[],
  nameOf: (target: NamedStage) => string,
): number {
  const images = [...new Set(targets.map(({ image }) => image))];
  const names = images.flatMap((image) => image.stages.map((stage) => nameOf({ image, stage })));
  return Math.max(0, ...names.map(({ length }) => length).filter((each) => each <= NAME_COLUMNS));
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  if (line.length <= INSTRUCTION_CHARACTERS) return line;
  return `${line.slice(0, INSTRUCTION_CHARACTERS - 1)}…`;
}
