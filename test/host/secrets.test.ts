import { expect, test } from "vitest";
import { createSecrets } from "../../src/host/secrets.ts";

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
