// A way to get from a Dockerfile to what is known of its images, and the states that it starts from.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../scripts/lab/shell.ts";
import type { Course } from "./course.ts";

/** In the order in which a round goes through them. */
export const STATES = ["nothing", "build", "everything", "unrestored", "restored"] as const;

/**
 * What is cached: nothing; the build's steps and Trivy's database; all that the last run left. On a
 * runner that is new for every run: nothing; Trivy's database, and the build's steps in GitHub's cache.
 */
export type State = (typeof STATES)[number];

export interface Way extends AsyncDisposable {
  /** What is not in the engine's own store. */
  readonly keeps: readonly string[];
  /** Takes away what an earlier run left, but for the build's steps and Trivy's database. */
  forget(): Promise<void>;
  /** The work whose time is taken. */
  run(): Promise<void>;
  /** Throws when the run did not do all that it should have. */
  verify(state: State): Promise<void>;
}

/** Runs a program in the workspace, against the course's engine. */
export function runOn(course: Course, command: string, args: readonly string[]): Promise<string> {
  return run(command, args, { cwd: course.workspace, env: course.environment });
}

/** `docker buildx COMMAND` with the course's builder. */
export function buildx(course: Course, command: string, args: readonly string[]): Promise<string> {
  const builder = course.builder === undefined ? [] : ["--builder", course.builder];
  return runOn(course, "docker", ["buildx", command, ...builder, ...args]);
}

/** Trivy on an image, with nothing said or asked that takes time. */
export function trivy(course: Course, cache: string, args: readonly string[]): Promise<string> {
  const quiet = ["--quiet", "--skip-version-check", "--disable-telemetry"];
  const options = ["--cache-dir", cache, "--db-repository", course.database, ...quiet];
  return runOn(course, course.tools.trivy, ["image", ...options, ...args]);
}

/** Hadolint on the Dockerfile; what it finds is no failure. */
export function hadolint(course: Course): Promise<string> {
  return runOn(course, course.tools.hadolint, ["--no-fail", "--format", "json", "Dockerfile"]);
}

/** Takes away what Trivy knows of images, and leaves its database. */
export async function forgetScans(cache: string): Promise<void> {
  await rm(join(cache, "fanal"), { recursive: true, force: true });
}
