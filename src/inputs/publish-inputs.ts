import type { PublishInputs } from "../model/inputs.ts";
import { imageName, runName } from "./image-name.ts";
import type { InputReader } from "./input-reader.ts";
import { parseLine } from "./values.ts";

/** Every comment and category is told apart by it, and pages show it: a line, not a text. */
const LONGEST_NAME = 100;

/**
 * Everything that says what is told to whom.
 * @param dockerfiles paths of those of this run, which tell it from others: two configuration files may
 * give their images the same names
 */
export function readPublishInputs(
  reader: InputReader,
  dockerfiles: readonly string[],
): PublishInputs {
  const name = reader.value("name", (text) => parseLine(text, LONGEST_NAME));
  return {
    name: name ?? runName(dockerfiles.map(imageName)),
    nameIsGiven: name !== undefined,
    comment: reader.word("comment", ["auto", "always", "never"], "auto"),
    uploadSarif: reader.word("upload-sarif", ["auto", "never"], "auto"),
    summary: reader.flag("summary", true),
    fail: reader.flag("fail", true),
    onUnknown: reader.word("on-unknown", ["fail", "warn"], "fail"),
  };
}
