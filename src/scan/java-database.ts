// An image with Java archives needs a second database. Trivy fetches it in the middle of a scan, and
// takes no other source where the first cannot be reached.

import { ToolError } from "../errors.ts";
import { type FetchHost, fetchPatiently } from "./fetch-database.ts";
import { isOfJavaDatabase, runTrivy, type TrivyCommand } from "./trivy-command.ts";

/** Where Trivy's makers publish it: https://github.com/aquasecurity/trivy-java-db */
const JAVA_REPOSITORIES: readonly string[] = [
  "mirror.gcr.io/aquasec/trivy-java-db:1",
  "ghcr.io/aquasecurity/trivy-java-db:1",
  "public.ecr.aws/aquasecurity/trivy-java-db:1",
];

/** What Trivy wrote, and what the reader should know of it. */
export interface JavaScan {
  readonly json: string;
  readonly notes: readonly string[];
}

/** Runs Trivy on images that may have Java archives. */
export class JavaScans {
  readonly #host: FetchHost;
  readonly #repositories: readonly string[];
  /** What each source said, once all were asked; none where one gave the database. */
  #failures: readonly string[] | undefined;

  /** @param named sources that take the place of Trivy's own */
  constructor(host: FetchHost, named: readonly string[]) {
    this.#host = host;
    this.#repositories = named.length > 0 ? named : JAVA_REPOSITORIES;
  }

  /**
   * Scans. Where Trivy's first source does not give the database, all are asked, once in a run, and the
   * image is scanned again: with an older one where none has answered, which is told of this image.
   * @throws ToolError, with what each source said where there is none
   */
  async run(command: TrivyCommand): Promise<JavaScan> {
    const isFirst = this.#failures === undefined;
    if (isFirst) {
      const [first = ""] = this.#repositories;
      const json = await this.#scan(command, ["--java-db-repository", first]);
      if (json !== undefined) return { json, notes: [] };
      this.#failures = await this.#fetch(command);
    }
    const json = await this.#scan(command, ["--skip-java-db-update"]);
    if (json !== undefined) return { json, notes: isFirst ? this.#notes() : [] };
    const said = this.#said();
    const why = said === "" ? "cannot be read" : `cannot be fetched: ${said}`;
    const message = `the Java database, which Trivy needs of this image, ${why}`;
    throw new ToolError(message, { command: command.trivy.path });
  }

  /** Undefined where Trivy has no database of Java archives. */
  async #scan(command: TrivyCommand, options: readonly string[]): Promise<string | undefined> {
    try {
      return await runTrivy(this.#host, { ...command, args: [...command.args, ...options] });
    } catch (error) {
      if (error instanceof ToolError && isOfJavaDatabase(error)) return undefined;
      throw error;
    }
  }

  /** The first comes last: it has just been asked. */
  #fetch({ trivy, cacheFolder }: TrivyCommand): Promise<readonly string[]> {
    const [first = "", ...others] = this.#repositories;
    const repositories = [...others, first];
    return fetchPatiently(this.#host, { trivy, cacheFolder, which: "java", repositories });
  }

  #notes(): readonly string[] {
    const said = this.#said();
    if (said === "") return [];
    return [`Trivy's Java database could not be updated, so an older one was used: ${said}.`];
  }

  #said(): string {
    return (this.#failures ?? []).join("; ");
  }
}
