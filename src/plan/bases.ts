import { listOf, quoted } from "../inputs/wording.ts";
import type { StageBase } from "../model/plan.ts";
import type { ParsedStage } from "./dockerfile.ts";
import type { Fault } from "./fault.ts";
import { shortReference } from "./image-reference.ts";
import { type Platform, parsePlatform } from "./platform.ts";
import type { GlobalVariables, VariableSettings } from "./variables.ts";

/** What decides what a name in a Dockerfile stands for. */
export interface GraphSettings extends VariableSettings {
  /** Name to what replaces the stage or image of that name. */
  readonly buildContexts: Readonly<Record<string, string>>;
}

/** A stage whose `FROM` is resolved. */
export interface BasedStage {
  readonly parsed: ParsedStage;
  readonly base: StageBase;
  /** Of its own `FROM`, or of the one that its chain ends in. */
  readonly platform: Platform;
  /** The build context that stands in for it, as given; its instructions are then not run. */
  readonly replacedBy: string | undefined;
}

/** Resolves what `FROM`s stand on; takes the stages in order, since each sees only those above it. */
export class BaseResolver {
  /** Name in lower case to the last stage so far that has it. */
  readonly lastByName = new Map<string, number>();
  readonly faults: Fault[] = [];
  readonly #resolved: BasedStage[] = [];
  readonly #variables: GlobalVariables;
  readonly #contexts: ReadonlyMap<string, string>;
  readonly #settings: VariableSettings;

  constructor(variables: GlobalVariables, settings: GraphSettings) {
    this.#variables = variables;
    this.#contexts = contextsByShortName(settings.buildContexts);
    this.#settings = settings;
  }

  resolve(parsed: ParsedStage): BasedStage {
    const name = parsed.name?.toLowerCase();
    const replacedBy = name === undefined ? undefined : this.#contexts.get(name);
    const asked = this.#platform(parsed);
    const base = replacedBy === undefined ? this.#base(parsed) : contextBase(replacedBy);
    const resolved = { parsed, base, platform: this.#platformOn(base, asked), replacedBy };
    this.#resolved.push(resolved);
    if (name !== undefined) this.lastByName.set(name, parsed.index);
    return resolved;
  }

  #base(parsed: ParsedStage): StageBase {
    const { text: reference, unset } = this.#expanded(parsed, parsed.base, "FROM");
    const index = this.lastByName.get(reference);
    if (index !== undefined) return { kind: "stage", index };
    if (reference === "scratch") return { kind: "scratch" };
    const short = shortReference(reference);
    if (short === undefined && reference !== "") {
      this.#fault(parsed, this.#noImage(reference) + unsetHint(unset));
    }
    const context = this.#contexts.get(short ?? reference);
    return context === undefined ? { kind: "image", reference } : contextBase(context);
  }

  #noImage(reference: string): string {
    const lower = reference.toLowerCase();
    if (!this.lastByName.has(lower)) return `FROM ${quoted(reference)} is not the name of an image`;
    return `FROM takes the name of a stage in lower case: ${quoted(lower)}, not ${quoted(reference)}`;
  }

  /** Of a `FROM` on another stage, BuildKit ignores the platform. */
  #platformOn(base: StageBase, asked: Platform | undefined): Platform {
    const { target } = this.#settings;
    switch (base.kind) {
      case "stage":
        return this.#resolved[base.index]?.platform ?? target;
      case "scratch":
        return target;
      case "image":
        return asked ?? target;
    }
  }

  #platform(parsed: ParsedStage): Platform | undefined {
    if (parsed.platform === undefined) return undefined;
    const { text } = this.#expanded(parsed, parsed.platform, "--platform");
    const platform = text === "" ? undefined : parsePlatform(text, this.#settings.machine);
    if (platform === undefined && text !== "") {
      this.#fault(
        parsed,
        `--platform takes os/architecture, such as linux/amd64, not ${quoted(text)}`,
      );
    }
    return platform;
  }

  /** An empty text after a fault. */
  #expanded(parsed: ParsedStage, word: string, place: string) {
    const expanded = this.#variables.expand(word);
    if (expanded.kind === "fault") {
      this.#fault(parsed, `${place} ${quoted(word)} cannot be read: ${expanded.what}`);
      return { text: "", unset: [] };
    }
    // Nothing written is no platform, and a FROM that is told as a fault already.
    if (expanded.text === "" && word !== "") {
      this.#fault(parsed, `${place} ${quoted(word)} comes out empty${unsetHint(expanded.unset)}`);
    }
    return expanded;
  }

  #fault(parsed: ParsedStage, what: string): void {
    this.faults.push({ line: parsed.instructions[0].lines.start, what });
  }
}

function unsetHint(unset: readonly string[]): string {
  if (unset.length === 0) return "";
  const names = listOf(unset.map(quoted));
  return `; ${names} ${unset.length === 1 ? "needs" : "need"} a value in build-args, or a default in an ARG above the first FROM`;
}

/** Keys are compared as images' names are: `docker.io/library/alpine:latest` is `alpine`. */
function contextsByShortName(
  contexts: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const entries = Object.entries(contexts);
  // These two are names that BuildKit never replaces.
  const replaceable = entries.filter(([name]) => !/^(scratch|context)$/i.test(name));
  return new Map(replaceable.map(([name, source]) => [shortReference(name) ?? name, source]));
}

function contextBase(source: string): StageBase {
  const reference = source.replace(/^docker-image:\/\//, "");
  return reference === "scratch" ? { kind: "scratch" } : { kind: "image", reference };
}
