// What a library prints by itself. One that is made for actions writes warnings of its own, in its own
// words, which the runner shows as annotations of the run.

import { AsyncLocalStorage } from "node:async_hooks";

/** A line that would have been printed. */
export interface PrintedLine {
  /** The runner's command, such as `warning`; undefined for plain text. */
  readonly command: string | undefined;
  readonly text: string;
}

type Listener = (line: PrintedLine) => void;

const listeners = new AsyncLocalStorage<Listener>();
let isListening = false;

/**
 * Does work, and hands each line over that it would print. What others print meanwhile is printed, and
 * so is what asks the runner for something.
 */
export async function withoutOutput<T>(onLine: Listener, work: () => Promise<T>): Promise<T> {
  if (!isListening) listen();
  isListening = true;
  return await listeners.run(onLine, work);
}

function listen(): void {
  const { stdout } = process;
  const print = stdout.write.bind(stdout);
  // Its overloads differ only in what may be left out.
  const write = (...args: Parameters<typeof print>): boolean => {
    const listener = listeners.getStore();
    if (listener === undefined) return print(...args);
    // Whatever the listener prints is its own.
    listeners.exit(() => {
      for (const line of String(args[0]).split(/\r?\n/)) {
        if (isForRunner(line)) print(`${line}\n`);
        else if (line !== "") listener(printed(line));
      }
    });
    return true;
  };
  stdout.write = write as typeof stdout.write;
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
const MESSAGE = /^::(debug|notice|warning|error)(?: [^:]*)?::(.*)$/;

/** Whether it asks the runner for something, such as to mask a secret. */
function isForRunner(line: string): boolean {
  return line.startsWith("::") && !MESSAGE.test(line);
}

function printed(line: string): PrintedLine {
  const [, command, text = line] = MESSAGE.exec(line) ?? [];
  return { command, text: command === undefined ? text : unescaped(text) };
}

function unescaped(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}
