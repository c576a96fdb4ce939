import { expect, test } from "vitest";
import { readCommands } from "../../../scripts/lab/github/runner/workflow-commands.ts";

test("an annotation has its place, its title and its message, unescaped", () => {
  expect(
    readCommands(["::error file=a%2Cb/Dockerfile,line=3,title=Build%3A failed::50%25%0Aof it"]),
  ).toEqual([
    {
      name: "error",
      properties: { file: "a,b/Dockerfile", line: "3", title: "Build: failed" },
      message: "50%\nof it",
    },
  ]);
});

test("a percent sign is unescaped last", () => {
  expect(readCommands(["::notice::%250A"])).toMatchObject([{ message: "%0A" }]);
});

test("space before a command does not hide it and text before it does", () => {
  expect(readCommands(["  ::group::Build", "text ::group::Scan"])).toMatchObject([
    { name: "group", message: "Build" },
  ]);
});

test("the old form counts anywhere in a line", () => {
  expect(readCommands(["#7 0.3 ##[add-mask]password"])).toMatchObject([
    { name: "add-mask", message: "password" },
  ]);
});

test("an unknown command is text", () => {
  expect(readCommands(["::std::vector::size"])).toEqual([]);
});

test("nothing counts while commands are stopped, until their token comes", () => {
  const lines = [
    "::stop-commands::Pause-1",
    "::error::hidden",
    "##[error]hidden too",
    "::pause-1::",
    "::error::shown",
  ];
  expect(readCommands(lines)).toMatchObject([{ name: "error", message: "shown" }]);
});
