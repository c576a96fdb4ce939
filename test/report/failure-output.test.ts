import { expect, test } from "vitest";
import { OutputKeeper } from "../../src/build/progress/output-keeper.ts";
import { failureOutput } from "../../src/report/failure-output.ts";

const output = ["error: early", "… 400 lines …", "a", "b", "c", "d"];
const telling = [0, 5];

test("all of a short output is shown where there is room, as it was written", () => {
  expect(failureOutput({ output, telling }, { lines: 40 })).toEqual(output);
});

test("of a longer one only what says most is shown, though there is room for all", () => {
  const many = Array.from({ length: 12 }, (_, at) => `line ${at}`);
  const long = { output: [...output, ...many], telling };
  expect(failureOutput(long, { lines: 40 })).toEqual([
    "error: early",
    "… 403 lines …",
    "d",
    "… 12 lines …",
  ]);
});

test("no mark stands where a single line has as much room, or a few lines have room", () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  const long = { output: lines, telling: [1, 3, 6, 18] };
  expect(failureOutput(long, { lines: 40 })).toEqual([
    ...lines.slice(0, 7),
    "… 11 lines …",
    "line 18",
    "line 19",
  ]);
  expect(failureOutput(long, { lines: 7 }).slice(0, 6)).toEqual([
    ...lines.slice(0, 4),
    "… 2 lines …",
    "line 6",
  ]);
  expect(failureOutput(long, { lines: 40, characters: 30 })[0]).toBe("… 1 line …");
});

test("where there is less, what says most is shown, and how much was left out", () => {
  expect(failureOutput({ output, telling }, { lines: 3 })).toEqual([
    "error: early",
    "… 402 lines …",
    "c",
    "d",
  ]);
});

test("of lines of which none is said to say most, the last are shown", () => {
  expect(failureOutput({ output }, { lines: 2 })).toEqual(["… 403 lines …", "c", "d"]);
});

test("as many characters are shown as there is room for", () => {
  const room = { lines: 40, characters: 16 };
  expect(failureOutput({ output, telling }, room)).toEqual(["error: early", "… 403 lines …", "d"]);
});

test("of no output nothing is shown", () => {
  expect(failureOutput(undefined, { lines: 4 })).toEqual([]);
  expect(failureOutput({ output: [] }, { lines: 4 })).toEqual([]);
});

test("what conflicts is shown where pip cannot install packages together", () => {
  const keeper = new OutputKeeper();
  const said = [
    "The conflict is caused by:",
    "    The user requested urllib3==2.6.0",
    "    requests 2.25.1 depends on urllib3<1.27 and >=1.21.1",
    "",
    "To fix this you could try to:",
    "1. loosen the range of package versions you've specified",
    "2. remove package versions to allow pip attempt to solve the dependency conflict",
    "",
  ];
  keeper.add("stdout", "Collecting requests==2.25.1\n".repeat(12));
  keeper.add("stderr", "ERROR: Cannot install requests==2.25.1 and urllib3==2.6.0\n");
  keeper.add("stderr", "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/\n");
  keeper.add("stdout", said.join("\n"));
  const { lines: written, telling: best } = keeper.chosen();
  const failure = { output: written, telling: best };
  expect(failureOutput(failure, { lines: 30 })).toEqual([
    "… 12 lines …",
    "ERROR: Cannot install requests==2.25.1 and urllib3==2.6.0",
    "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/",
    ...said.filter((line) => line !== ""),
  ]);
  expect(failureOutput(failure, { lines: 6 }).join("\n")).toContain(said[0]);
});
