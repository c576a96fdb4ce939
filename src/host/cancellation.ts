/** Turns the signals that end a process into an `AbortSignal`. */
export interface Cancellation extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * The first signal cancels the run, which then winds down; the second ends the process at once, but
 * for SIGHUP: of a terminal that was closed, the kernel and the shell both tell. A runner sends SIGINT,
 * SIGTERM 7.5 seconds later, and 2.5 seconds after that it kills
 * (https://docs.github.com/actions/reference/workflow-cancellation-reference).
 */
export function listenForCancellation(): Cancellation {
  const controller = new AbortController();
  const cancel = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      if (name === "SIGHUP") return;
      process.exit(EXIT_CODES[name] ?? 1);
    }
    controller.abort(new Error(`cancelled by ${name}`));
  };
  for (const name of SIGNALS) process.on(name, cancel);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.removeListener(name, cancel);
    },
  };
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** 128 and the number of the signal, as shells have it. */
const EXIT_CODES: Partial<Record<NodeJS.Signals, number>> = {
  SIGINT: 130,
  SIGQUIT: 131,
  SIGTERM: 143,
};
