import { expect, test } from "vitest";
import { ToolError } from "../src/errors.ts";
import { readForeignJson } from "../src/foreign-json.ts";

const read = (json: string) => readForeignJson("trivy 1.2.3", json);

test("reads what fits", () => {
  const value = read('{"list":[{"name":"a","size":3}],"nothing":null}');
  const [first] = value.field("list").items();
  expect(first?.field("name").text()).toBe("a");
  expect(first?.field("size").integer()).toBe(3);
});

test("a missing field and null are nothing, which optional readers take for undefined", () => {
  const value = read('{"nothing":null}');
  for (const name of ["nothing", "missing"]) {
    expect(value.field(name).isNothing).toBe(true);
    expect(value.field(name).optionalItems()).toEqual([]);
    expect(value.field(name).optionalText()).toBeUndefined();
    expect(value.field(name).optionalNumber()).toBeUndefined();
    expect(value.field(name).optionalBoolean()).toBeUndefined();
  }
});

test("an empty text is no optional text", () => {
  expect(read('{"a":""}').field("a").optionalText()).toBeUndefined();
});

test.each([
  ["text", () => read('[{"a":5}]').items()[0]?.field("a").text(), "5 as [0].a: expected a text"],
  ["list", () => read('{"a":"x"}').field("a").items(), '"x" as a: expected a list'],
  ["no list", () => read("{}").field("a").items(), "nothing as a: expected a list"],
  ["object", () => read("[]").field("a"), "[] as its output: expected an object"],
  ["integer", () => read("1.5").integer(), "1.5 as its output: expected a whole number"],
  [
    "missing",
    () => read('{"a":{}}').field("a").field("b").text(),
    "nothing as a.b: expected a text",
  ],
  ["word", () => read('"z"').oneOf(["a", "b"]), '"z" as its output: expected one of a, b'],
])("names the tool, the place and the value that does not fit: %s", (_, readIt, message) => {
  expect(readIt).toThrow(ToolError);
  expect(readIt).toThrow(`trivy 1.2.3 wrote ${message}`);
});

test("half a document is an error that names the tool", () => {
  expect(() => read('{"Results": [')).toThrow("trivy 1.2.3 wrote 13 characters that are not JSON");
});

test("no document at all is an error that names the tool", () => {
  expect(() => read("")).toThrow("trivy 1.2.3 wrote nothing");
});

test("a long value is cut in the error", () => {
  expect(() => read(`["${"x".repeat(1000)}"]`).text()).toThrow(/^.{0,160}$/);
});
