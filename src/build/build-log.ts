import type { Host } from "../host/host.ts";
import { formatSeconds } from "../report/format.ts";
import type { StepEvent } from "./step-tracker.ts";

/** Characters of an instruction that fit on a line of the log. */
const INSTRUCTION_CHARACTERS = 100;

/**
 * Says live what is being built: each line begins with its stage, because stages are built at the
 * same time. Never begins a line with text from outside.
 */
export function buildLog(
  host: Pick<Host, "log">,
  naming: { readonly severalImages: boolean; readonly width: number },
): (event: StepEvent) => void {
  return (event) => {
    const { stage, image, instruction } = event.step;
    const name = naming.severalImages ? `${image.name}/${stage.name}` : stage.name;
    const prefix = name.padEnd(naming.width);
    switch (event.kind) {
      case "started":
        host.log.progress(`${name}: ${shorten(instruction.text)}`);
        return;
      case "output":
        host.log.info(`${prefix} │   ${event.line}`);
        return;
      case "done": {
        const time = event.cached ? "cached" : formatSeconds(event.seconds);
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
