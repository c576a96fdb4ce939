import fc from "fast-check";
import { expect, test } from "vitest";
import { readMarker, writeMarker } from "../../src/publish/comment-marker.ts";

test("a marker is an HTML comment that readers do not see", () => {
  expect(writeMarker({ name: "app", run: 12345678901, attempt: 2 })).toBe(
    '<!-- weighbridge:comment:v1 {"name":"app","run":12345678901,"attempt":2} -->',
  );
});

test("no name can end the HTML comment or break its line, and every name comes back", () => {
  const names = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("-->", "--!>", "<!--", "\n", "\r", '"', "\\", "é", "\u202e"))
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(names, (name) => {
      const marker = { name, run: 1, attempt: 1 };
      const text = writeMarker(marker);
      expect(text).toMatch(
        /^<!-- weighbridge:comment:v1 [ !-%'-,./-;=?-~]*(\\u[0-9a-f]{4}|[ !-%'-,./-;=?-~])* -->$/,
      );
      expect(readMarker(`${text}\nbody`)).toEqual(marker);
    }),
  );
});

test.each([
  "",
  "a comment",
  "> <!-- weighbridge:comment:v1 {} -->",
  'text\n<!-- weighbridge:comment:v1 {"name":"app","run":1,"attempt":1} -->',
  "<!-- weighbridge:comment:v1 {} -->",
  "<!-- weighbridge:comment:v1 null -->",
  "<!-- weighbridge:comment:v1 not json -->",
  '<!-- weighbridge:comment:v1 {"name":"app","run":"1","attempt":1} -->',
  '<!-- weighbridge:comment:v1 {"name":"app","run":1.5,"attempt":1} -->',
  '<!-- weighbridge:comment:v2 {"name":"app","run":1,"attempt":1} -->',
])("%j carries no marker", (body) => {
  expect(readMarker(body)).toBeUndefined();
});

test("a marker is found whatever kind of line break follows it", () => {
  const text = writeMarker({ name: "app", run: 1, attempt: 1 });
  expect(readMarker(`${text}\r\nbody`)).toEqual({ name: "app", run: 1, attempt: 1 });
});
