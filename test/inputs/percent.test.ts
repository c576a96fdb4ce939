import { expect, it } from "vitest";
import { parsePercent } from "../../src/inputs/percent.ts";

it.each([
  ["70%", 70],
  ["70 %", 70],
  ["62.5%", 62.5],
  ["0%", 0],
  ["100%", 100],
  ["100.0%", 100],
])("reads %s", (text, percent) => {
  expect(parsePercent(text)).toEqual({ kind: "ok", value: percent });
});

it("offers the sign for a bare number", () => {
  expect(parsePercent("70")).toEqual({
    kind: "problem",
    what: '"70" is not a percentage from 0% to 100%, such as 70%; did you mean 70%?',
  });
});

it.each([
  ["0.95", "95%"],
  ["0.7", "70%"],
  [".075", "7.5%"],
  ["0.07", "7%"],
  ["0.0625", "6.25%"],
])("offers percent for the ratio %s", (text, meant) => {
  expect(parsePercent(text)).toEqual({
    kind: "problem",
    what: `"${text}" is not a percentage from 0% to 100%, such as 70%; did you mean ${meant}?`,
  });
});

it.each(["", "%", "101%", "100.5%", "-5%", "7e1%", "70%%", "0,7"])("refuses %j", (text) => {
  expect(parsePercent(text)).toEqual({
    kind: "problem",
    what: `${JSON.stringify(text)} is not a percentage from 0% to 100%, such as 70%`,
  });
});
