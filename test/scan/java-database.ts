// A database of Java archives for Trivy, as its makers publish theirs, that knows a single one.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import type { Artifact } from "../../scripts/lab/push.ts";

/** A Java archive that says nothing of itself, and what the database says of it. */
export interface KnownArchive {
  readonly bytes: Uint8Array;
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

/**
 * Makes it in a folder. Its form is that of
 * https://github.com/aquasecurity/trivy-java-db/blob/main/pkg/db/db.go
 */
export async function makeJavaDatabase(folder: string, archive: KnownArchive): Promise<Artifact> {
  await mkdir(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, "trivy-java.db"));
  database.exec(
    "CREATE TABLE artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);" +
      "CREATE TABLE indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT)",
  );
  const sha1 = createHash("sha1").update(archive.bytes).digest();
  const { groupId, artifactId, version } = archive;
  database.prepare("INSERT INTO artifacts VALUES (1, ?, ?)").run(groupId, artifactId);
  database.prepare("INSERT INTO indices VALUES (1, ?, ?, 'jar')").run(version, sha1);
  database.close();
  const now = new Date();
  const later = new Date(now.getTime() + 24 * 60 * 60 * 1000).toISOString();
  const metadata = { Version: 1, NextUpdate: later, UpdatedAt: now, DownloadedAt: now };
  await writeFile(join(folder, "metadata.json"), JSON.stringify(metadata));
  const files = ["trivy-java.db", "metadata.json"];
  await promisify(execFile)("tar", ["-C", folder, "-czf", join(folder, "javadb.tar.gz"), ...files]);
  return {
    config: { type: "application/vnd.aquasec.trivy.config.v1+json", bytes: Buffer.from("{}") },
    layer: {
      type: "application/vnd.aquasec.trivy.javadb.layer.v1.tar+gzip",
      bytes: await readFile(join(folder, "javadb.tar.gz")),
      title: "javadb.tar.gz",
    },
  };
}
