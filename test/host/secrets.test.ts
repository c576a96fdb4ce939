import { expect, test } from "vitest";
import { createSecrets, type Secrets } from "../../src/host/secrets.ts";
import { growth } from "../growth.ts";

test("a secret is concealed wherever it stands", () => {
  const secrets = createSecrets();
  secrets.add("hunter22");
  expect(secrets.conceal("hunter22 and hunter22!")).toBe("*** and ***!");
});

test("every line of a secret is concealed for itself", () => {
  const secrets = createSecrets();
  secrets.add("-----BEGIN KEY-----\r\nMIIEvQIBADAN\r\n-----END KEY-----\n");
  expect(secrets.conceal("line: MIIEvQIBADAN")).toBe("line: ***");
});

test("lines shorter than four characters are not concealed", () => {
  const secrets = createSecrets();
  secrets.add("abc\nlong enough\n}");
  expect(secrets.conceal("abc { } long enough")).toBe("abc { } ***");
});

test("of two secrets that begin alike the longer one is concealed whole", () => {
  const secrets = createSecrets();
  secrets.add("token");
  secrets.add("token-of-mine");
  expect(secrets.conceal("token-of-mine")).toBe("***");
});

test("adding a secret tells which texts are new", () => {
  const secrets = createSecrets();
  secrets.add("first line");
  expect(secrets.add("first line\nsecond line")).toEqual([
    "first line\nsecond line",
    "second line",
  ]);
});

test.each([
  ["a colour", "hun\u001b[31mter\u001b[0m22"],
  ["a window title", "hun\u001b]0;title\u0007ter22"],
  ["NUL and a backspace", "h\0unter2\b2"],
  ["marks that reorder text", "hunt\u202eer22"],
  ["spaces without width", "hunter\u200b2\u200b2"],
  ["a soft hyphen", "hun\u00adter22"],
])("%s in the middle hides no secret", (_what, text) => {
  const secrets = createSecrets();
  secrets.add("hunter22");
  expect(secrets.conceal(`it is ${text}!`)).toBe("it is ***!");
});

test("a secret may hold what means something to a regular expression", () => {
  const secrets = createSecrets();
  secrets.add("a.*b[(");
  expect(secrets.conceal("a.*b[( and a.\u001b[1m*b[( but not axxb[(")).toBe(
    "*** and *** but not axxb[(",
  );
});

test("of two secrets that overlap in a text nothing is left", () => {
  const secrets = createSecrets();
  secrets.add("user:hunt");
  secrets.add("hunter22");
  expect(secrets.conceal("as user:hunter22!")).toBe("as ***!");
});

test.each([
  ["begins behind a sequence that is broken", "\u001b[hunter22"],
  ["is a window title", "\u001b]0;hun\u00adter22\u0007"],
])("a secret that %s is concealed", (_what, text) => {
  const secrets = createSecrets();
  secrets.add("hunter22");
  expect(secrets.conceal(text)).not.toMatch(/unter22|hun\u00adter22/);
});

test("a secret that holds what nobody sees is concealed with it and without", () => {
  const secrets = createSecrets();
  secrets.add("hun\u00adter\u001b[1m22");
  expect(secrets.conceal("hun\u00adter\u001b[1m22 and hunter22")).toBe("*** and ***");
});

/** What conceals a text of these lines, each of them and all together. */
function bundleOf(lines: readonly string[]): Secrets {
  const secrets = createSecrets();
  for (const line of lines) secrets.add(line);
  secrets.add(lines.join("\n"));
  return secrets;
}

test("a line of the log takes no longer for a secret of 100 KB, whose lines are sought all at once", () => {
  const lines = Array.from({ length: 1500 }, (_, index) => `line-${index}-`.padEnd(68, "aB3/"));
  const logged = lines.slice(0, 375);
  expect(lines.join("\n").length).toBeGreaterThan(100_000);
  // However many lines the secret has, a line of the log takes as long.
  const secretsOf = new Map([375, 1500].map((count) => [count, bundleOf(lines.slice(0, count))]));
  const work = (count: number) => {
    for (const line of logged) secretsOf.get(count)?.conceal(`built ${line} ok`);
  };
  expect(growth(1500, work)).toBeLessThan(3);
});

test("a secret of 100 KB is concealed whatever its lines are strewn with", () => {
  const lines = Array.from({ length: 1500 }, (_, index) => `line-${index}-`.padEnd(68, "aB3/"));
  const bundle = lines.join("\n");
  const secrets = bundleOf(lines);
  for (const mark of ["", "\u200d", "\u00ad", "\0"]) {
    for (const line of lines.slice(0, 100)) {
      const strewn = `${line.slice(0, 9)}${mark}${line.slice(9)}`;
      expect(secrets.conceal(`built ${strewn} ${mark}ok`)).toBe(`built *** ${mark}ok`);
    }
    expect(secrets.conceal(`${mark}${bundle}${mark}`)).toBe(`${mark}***${mark}`);
  }
});
