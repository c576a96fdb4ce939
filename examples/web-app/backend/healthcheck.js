// Asks the service on this machine whether it is well.
const port = process.env.PORT ?? 3000;
const reply = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) });
process.exit(reply.ok ? 0 : 1);
