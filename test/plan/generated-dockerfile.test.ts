import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/plan/dockerfile.ts";
import { addressStages } from "../../src/plan/generated-dockerfile.ts";
import { resolveStages } from "../../src/plan/graph.ts";

const linux = { os: "linux", architecture: "amd64", variant: "" };

function address(text: string, wanted?: readonly number[]) {
  const settings = { buildArgs: {}, buildContexts: {}, target: linux, machine: linux };
  const { stages } = resolveStages(parseDockerfile(text), settings);
  return addressStages(text, stages, new Set(wanted ?? stages.keys()));
}

describe("a Dockerfile stays as it is", () => {
  test.each([
    ["where all stages have names", "FROM a AS One\nFROM b AS two", ["one", "two"]],
    ["where the last has none", "FROM a AS one\nFROM b", ["one", ""]],
    ["where it has one stage without a name", "FROM a", [""]],
  ])("%s", (_, text, targets) => {
    expect(address(text)).toEqual({ targets, generatedText: undefined });
  });

  test("where nobody wants the stages without names", () => {
    expect(address("FROM a\nFROM b AS c", [1]).generatedText).toBeUndefined();
  });
});

describe("a stage without a name", () => {
  test("gets one on the line of its FROM", () => {
    expect(address("ARG a\nFROM b\nRUN c\nFROM d")).toEqual({
      targets: ["weighbridge-stage-0", ""],
      generatedText: "ARG a\nFROM b AS weighbridge-stage-0\nRUN c\nFROM d",
    });
  });

  test("gets it in front of Windows line ends and blanks", () => {
    expect(address("FROM b \t\r\nFROM d\r\n").generatedText).toBe(
      "FROM b AS weighbridge-stage-0 \t\r\nFROM d\r\n",
    );
  });

  test("gets it behind the last word of a FROM over several lines", () => {
    expect(address("FROM \\\n  # c\n  b\n# d\nFROM e").generatedText).toBe(
      "FROM \\\n  # c\n  b AS weighbridge-stage-0\n# d\nFROM e",
    );
  });

  test("gets it behind a byte-order mark too", () => {
    expect(address("\uFEFFFROM b\nFROM c").generatedText).toBe(
      "\uFEFFFROM b AS weighbridge-stage-0\nFROM c",
    );
  });

  test("gets another one where the Dockerfile has ours", () => {
    const text = "FROM a\nFROM b AS Weighbridge-Stage-0\nCOPY --from=weighbridge-stage-0-2 /a /b";
    expect(address(text).targets).toEqual(["weighbridge-stage-0-3", "weighbridge-stage-0"]);
  });
});

describe("a stage that a later one of the same name hides", () => {
  test("gets another name, and with it the FROMs between that mean it", () => {
    const text = "FROM a AS x\nFROM x AS y\nCOPY --from=x /1 /2\nFROM b AS X\nFROM x AS z";
    expect(address(text)).toEqual({
      targets: ["weighbridge-stage-0", "y", "x", "z"],
      generatedText:
        "FROM a AS weighbridge-stage-0\nFROM weighbridge-stage-0 AS y\nCOPY --from=x /1 /2\nFROM b AS X\nFROM x AS z",
    });
  });

  test("takes the FROMs along that name it through a variable", () => {
    const text = "ARG V=x\nFROM a AS x\nFROM --platform=p ${V}\nFROM b AS x";
    expect(address(text).generatedText).toBe(
      "ARG V=x\nFROM a AS weighbridge-stage-0\nFROM --platform=p weighbridge-stage-0 AS weighbridge-stage-1\nFROM b AS x",
    );
  });

  test("takes the FROMs along whose word is spread over lines", () => {
    const text = "FROM a AS lo\\\nng\nFROM lo\\\nn\\\n# c\ng AS y\nFROM b AS long";
    expect(address(text).generatedText).toBe(
      "FROM a AS weighbridge-stage-0\\\n\nFROM weighbridge-stage-0\\\n\\\n# c\n AS y\nFROM b AS long",
    );
  });

  test("keeps its name where nobody wants it", () => {
    const text = "FROM a AS x\nFROM x AS y\nFROM b AS x";
    expect(address(text, [1, 2])).toEqual({ targets: ["x", "y", "x"], generatedText: undefined });
  });
});
