const actions = new Set<() => void>();

/**
 * Runs the action when the process ends, by whatever way still lets code run. It must not be
 * asynchronous. Returns what takes it back.
 */
export function atExit(action: () => void): () => void {
  if (actions.size === 0) process.once("exit", runAll);
  actions.add(action);
  return () => {
    actions.delete(action);
    if (actions.size === 0) process.removeListener("exit", runAll);
  };
}

function runAll(): void {
  for (const action of actions) {
    try {
      action();
    } catch {
      // The others still have their turn; there is nobody left to tell.
    }
  }
}
