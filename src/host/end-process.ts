/**
 * Ends the process when all that it has printed is written. Requests that nobody waits for any more
 * would keep it alive for minutes where the other side says nothing, and not all of them can be stopped.
 */
export async function endProcess(exitCode: number): Promise<never> {
  await Promise.all([process.stdout, process.stderr].map(written));
  process.exit(exitCode);
}

/** Of a stream that is broken, too: there is nobody left to read it. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.write("", () => resolve());
  await promise;
}
