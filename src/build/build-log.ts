import type { Host } from "../host/host.ts";
import type { BakeTarget } from "./bake-file.ts";
import type { StepEvent } from "./step-tracker.ts";

/** Characters of an instruction that fit on a line of the log. */
const INSTRUCTION_CHARACTERS = 100;

/**
 * Says live what is being built: each line begins with its stage, because stages are built at the
 * same time. Never begins a line with text from outside.
 */
export function buildLog(
  host: Pick<Host, "log" | "kind">,
  targets: readonly BakeTarget[],
): (event: StepEvent) => void {
  const severalImages = new Set(targets.map(({ image }) => image)).size > 1;
  const nameOf = (target: Pick<BakeTarget, "image" | "stage">): string =>
    severalImages ? `${target.image.name}/${target.stage.name}` : target.stage.name;
  // A runner's log is read later, and whole; on a terminal only a failure's output is wanted, and
  // the report shows that.
  const sayOutput = (line: string): void => {
    if (host.kind === "actions") host.log.info(line);
    else host.log.debug(line);
  };
  const width = Math.max(0, ...targets.map((target) => nameOf(target).length));
  return (event) => {
    const { instruction } = event.step;
    const name = nameOf(event.step);
    const prefix = name.padEnd(width);
    switch (event.kind) {
      case "started":
        host.log.progress(`${name}: ${shorten(instruction.text)}`);
        return;
      case "output":
        sayOutput(`${prefix} │   ${event.line}`);
        return;
      case "done": {
        const time = event.cached ? "cached" : `${event.seconds.toFixed(1)} s`;
        host.log.info(`${prefix} │ ${shorten(instruction.text)}  ${time}`);
        return;
      }
    }
  };
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  if (line.length <= INSTRUCTION_CHARACTERS) return line;
  return `${line.slice(0, INSTRUCTION_CHARACTERS - 1)}…`;
}
