// The options of `weighbridge inspect`.
import { type CommandOption, formOf } from "./command-options.ts";
import type { OptionForms } from "./typed-options.ts";

export const INSPECT_OPTIONS: readonly CommandOption[] = [
  {
    name: "path",
    value: "PATH",
    description: "What is in this folder of the image, largest first; or what became of this file.",
  },
  {
    name: "layer",
    value: "N",
    description: "What this layer added, changed and removed; with `--path`, there.",
  },
  {
    name: "tree",
    description: "Look into folders too: the largest of all there is, as a tree.",
  },
  { name: "top", value: "N", description: "Rows of each table. Default: 12; of a tree, 30." },
  {
    name: "file",
    value: "PATH",
    description: "Dockerfile that it was built from, so that layers are told by line.",
  },
  {
    name: "stage",
    value: "NAME",
    description: "Stage of that Dockerfile that it is. Default: the one whose history it has.",
  },
  {
    name: "platform",
    value: "TEXT",
    description:
      "Which one where an image has several, such as `linux/arm64`. Default: this machine's.",
  },
  {
    name: "state",
    value: "DIR",
    description:
      "Folder where is kept what was read, so that it need not be read again. " +
      "Default: the user's cache folder.",
  },
  {
    name: "layer-limits",
    value: "YAML",
    description:
      "How much an image and each of its layers may hold before they are refused as hostile, as " +
      "for the main job; see weighbridge --help.",
  },
  {
    name: "format",
    value: "text|json",
    description: "What is printed: tables for people, or JSON. Default: `text`.",
  },
  {
    name: "color",
    description: "Print in colour, or not with `--no-color`. Default: on a terminal.",
  },
  { name: "verbose", description: "Print more of what is going on." },
  { name: "help", short: "h", description: "Print this, and stop." },
];

/** How each is typed. */
export const INSPECT_FORMS: OptionForms = new Map(
  INSPECT_OPTIONS.map((option) => [option.name, formOf(option)]),
);
