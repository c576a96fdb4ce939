import type { InputName } from "./input-kinds.ts";

/** A text and where it was said. */
export interface Said {
  readonly text: string;
  /** `input lint`, `--lint`, `.github/weighbridge.yml:4`. */
  readonly where: string;
}

/** Who said it: the workflow or the command line, or a file of the repository. */
export type Origin = "workflow" | "repository";

/** What was given for an input: text that may hold a list, or the items of a YAML list. */
export type Given = GivenText | GivenList;

/** An input of one value. */
export interface GivenText extends Said {
  readonly kind: "text";
  readonly origin: Origin;
}

/** An input of several values. */
export interface GivenList {
  readonly kind: "list";
  readonly items: readonly Said[];
  readonly where: string;
  readonly origin: Origin;
}

/** What was given, by input; an input that is absent was not given. */
export type Settings = ReadonlyMap<InputName, Given>;

/** How an input is called where it was given: `input goals` in a workflow, `--goals` in a shell. */
export type PlaceOfInput = (name: InputName) => string;
