// A folder of its own on the real file system, with real programs in it: what rooms that run tools
// are tested in.
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createDownload } from "../../src/host/downloads.ts";
import type { Host } from "../../src/host/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";

export interface Workshop extends AsyncDisposable {
  readonly host: Host;
  /** The host's workspace: a repository. */
  readonly workspace: string;
  /** A place outside of it. */
  readonly outside: string;
  /** Writes a file of the workspace. */
  write(path: string, text: string): Promise<void>;
  /** Writes a shell script outside of the workspace, onto the PATH, and returns its path. */
  program(name: string, script: string): Promise<string>;
}

/** An empty workshop; the host has these variables, a HOME and a PATH. */
export async function openWorkshop(env: Readonly<Record<string, string>> = {}): Promise<Workshop> {
  const root = await mkdtemp(join(tmpdir(), "weighbridge-workshop-"));
  const workspace = join(root, "repository");
  const outside = join(root, "outside");
  await Promise.all([mkdir(workspace), mkdir(outside)]);
  const { PATH = "" } = process.env;
  const local = createLocalHost({
    workspace,
    env: { PATH: `${join(outside, "bin")}:${PATH}`, HOME: outside, ...env },
    stream: { isTTY: false, write: () => true },
  });
  // A test that waits between the tries of a download would be slow.
  const download = createDownload({ ...local, pauseMilliseconds: 1, silenceMilliseconds: 500 });
  const host: Host = { ...local, download };
  const write = async (path: string, content: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };
  return {
    host,
    workspace,
    outside,
    write: (path, text) => write(join(workspace, path), text),
    async program(name, script) {
      const path = join(outside, "bin", name);
      await write(path, `#!/bin/sh\n${script}\n`);
      await chmod(path, 0o755);
      return path;
    },
    async [Symbol.asyncDispose]() {
      local[Symbol.dispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}
