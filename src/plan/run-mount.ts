import { splitCsv } from "../csv.ts";

/** What a `--mount` of a `RUN` says, as it is written, with variables where it has some. */
export interface RunMount {
  /** In small letters; `bind` where it says nothing else. */
  readonly type: string;
  readonly source: string | undefined;
  readonly target: string | undefined;
  /** The stage or image that it is of; undefined of the build context, and of caches. */
  readonly from: string | undefined;
}

/** Reads the value of a `--mount`. https://docs.docker.com/reference/dockerfile/#run---mount */
export function readMount(value: string): RunMount {
  const fields = new Map(splitCsv(value).map(fieldOf));
  const from = fields.get("from");
  return {
    type: fields.get("type")?.toLowerCase() ?? "bind",
    source: fields.get("source") ?? fields.get("src"),
    target: fields.get("target") ?? fields.get("dst") ?? fields.get("destination"),
    from: from === "" ? undefined : from,
  };
}

function fieldOf(field: string): readonly [name: string, value: string] {
  const [name = "", ...value] = field.split("=");
  return [name.toLowerCase(), value.join("=")];
}
