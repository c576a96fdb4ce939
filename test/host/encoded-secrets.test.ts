import { expect, test } from "vitest";
import { createSecrets } from "../../src/host/secrets.ts";
import { growth, LINEAR } from "../growth.ts";

const SECRET = "p@ss/word+hunter2&X";

/** What is shown of a text, when something else than the usual secret is one. */
function shown(text: string, secret = SECRET): string {
  const secrets = createSecrets();
  secrets.add(secret);
  return secrets.conceal(text);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

test.each([
  ["as JavaScript does", "p%40ss%2Fword%2Bhunter2%26X"],
  ["with small letters", "p%40ss%2fword%2bhunter2%26X"],
  ["with slashes as they are", "p%40ss/word%2Bhunter2%26X"],
  ["to the last letter", "%70%40%73%73%2F%77%6F%72%64%2B%68%75%6E%74%65%72%32%26%58"],
])("a secret in an address, escaped %s, is concealed", (_how, text) => {
  expect(shown(`https://me:${text}@example.com/?a=%20`)).toBe("https://me:***@example.com/?a=%20");
});

test.each([["two%20w%C3%B6rds%21"], ["two+w%c3%b6rds!"]])(
  "a secret with a space and an umlaut is concealed as %s",
  (text) => {
    expect(shown(`q=${text}&b=1`, "two wörds!")).toBe("q=***&b=1");
  },
);

test.each([[String.raw`a\"b\\c\/d\u0026é`], [String.raw`a\"b\\c/d&\u00e9`]])(
  "a secret in JSON is concealed as %s",
  (text) => {
    expect(shown(`{"token":"${text}"}`, 'a"b\\c/d&é')).toBe('{"token":"***"}');
  },
);

test.each(["a&lt;b&amp;c&quot;d&apos;e", "a&#60;b&#x26;c&#34;d&#X27;e", "a&lt;b&c\"d'e"])(
  "a secret in HTML is concealed as %s",
  (text) => {
    expect(shown(`<p>${text} &amp; more</p>`, "a<b&c\"d'e")).toBe("<p>*** &amp; more</p>");
  },
);

test("a secret of several lines is concealed on the one line that it has in JSON", () => {
  expect(shown(JSON.stringify({ key: "one\ntwo\nend" }), "one\ntwo\nend\n")).toBe('{"key":"***"}');
});

test("a secret that is escaped is concealed with what nobody sees in its middle", () => {
  expect(shown("p%40ss%2Fwo\u001b[1mrd%2Bhun\u200bter2%26X!")).toBe("***!");
});

test.each(["", "u", "us", "use", "user:", "user:x"])(
  "behind %j, a secret in base64 is concealed to its end",
  (before) => {
    const kept = Math.floor((before.length * 4 + 2) / 3);
    const text = base64(`${before}${SECRET}`);
    expect(shown(`Basic ${text}, done`)).toBe(`Basic ${text.slice(0, kept)}***, done`);
  },
);

test.each(["", "u", "us"])(
  "behind %j and before others, of a secret in base64 nothing whole is left",
  (before) => {
    const text = shown(base64(`${before}${SECRET}\nmore`));
    const [left = "", right = ""] = text.split("***");
    expect(Buffer.from(left, "base64").toString()).toBe(before);
    expect(text).toContain("***");
    expect(right.length).toBeLessThanOrEqual(Math.ceil(("\nmore".length * 4) / 3) + 2);
  },
);

test("a secret in the base64 of addresses is concealed, also without padding", () => {
  const secret = "\u{1F511}>>?~ÿÿÿ???";
  const text = Buffer.from(secret).toString("base64url");
  expect(text).toMatch(/[-_]/);
  expect(shown(`token=${text}.sig`, secret)).toBe("token=***.sig");
});

test("a secret in base64 is concealed where that is part of an address", () => {
  expect(shown(`?auth=${encodeURIComponent(base64(SECRET))}&b=1`)).toBe("?auth=***&b=1");
});

test.each([76, 64])(
  "a long secret in base64 is concealed on each of its lines of %i",
  (columns) => {
    const secret = Array.from({ length: 40 }, (_, index) => `{"number ${index}": true}`).join("\n");
    const lines = base64(secret).match(new RegExp(`.{1,${columns}}`, "g")) ?? [];
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(shown(`#5 ${line}`, secret)).toBe("#5 ***");
  },
);

test("what is whole of four letters in the middle of base64 is too little to be told from other things", () => {
  expect(shown(base64("I pass it"), "pass")).toBe(base64("I pass it"));
});

test("of text that is not in the form of an escape nothing is lost", () => {
  const text = String.raw`100% of %zz %c3 \x \u12 C:\new %`;
  expect(shown(text)).toBe(text);
});

test("escapes in a long text take little time", () => {
  const work = (count: number) => {
    expect(shown("%c0%80\\u0041\u200b".repeat(count))).not.toContain("***");
  };
  expect(growth(20_000, work)).toBeLessThan(LINEAR);
});
