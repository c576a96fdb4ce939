/** Characters that tell a secret from whatever else is written in base64: of five bytes there are as many. */
const FEWEST_CHARACTERS = 6;

/** Where `base64` and `openssl` begin a new line. */
const COLUMNS = [76, 64];

/**
 * What is seen of a text in base64 and base64url, by itself and in the middle of others, as in the
 * `user:password` of Basic authentication. Characters that hold bits of a neighbour are not among it.
 */
export function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text, "utf8");
  const forms = [0, 1, 2].flatMap((before) => alignedForms(bytes, before));
  const found = forms.filter((form) => form.replace(/=+$/, "").length >= FEWEST_CHARACTERS);
  return [...new Set(found.flatMap((form) => [form, urlForm(form)]))];
}

/**
 * With so many bytes of others before it, in a group of three: where something follows, where nothing
 * does, and there with and without padding.
 */
function alignedForms(bytes: Buffer, before: number): readonly string[] {
  const group = Buffer.concat([Buffer.alloc(before), bytes]);
  const padded = group.toString("base64").slice(before === 0 ? 0 : before + 1);
  const ended = padded.replace(/=+$/, "");
  const followed = group.length % 3 === 0 ? ended : ended.slice(0, -1);
  const forms = [padded, ended, followed];
  return before === 0 ? [...forms, ...forms.flatMap(linesOf)] : forms;
}

/** Its lines, where a program wraps it. */
function linesOf(form: string): readonly string[] {
  return COLUMNS.flatMap((columns) => form.match(new RegExp(`.{1,${columns}}`, "g")) ?? []);
}

/** https://www.rfc-editor.org/rfc/rfc4648#section-5 */
function urlForm(form: string): string {
  return form.replaceAll("+", "-").replaceAll("/", "_");
}
