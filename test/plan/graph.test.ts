import { describe, expect, test } from "vitest";
import type { GraphSettings } from "../../src/plan/bases.ts";
import { parseDockerfile } from "../../src/plan/dockerfile.ts";
import { resolveStages } from "../../src/plan/graph.ts";
import { formatPlatform } from "../../src/plan/platform.ts";

const amd64 = { os: "linux", architecture: "amd64", variant: "" };
const plain: GraphSettings = { buildArgs: {}, buildContexts: {}, target: amd64, machine: amd64 };

function resolve(text: string, settings: Partial<GraphSettings> = {}) {
  return resolveStages(parseDockerfile(text), { ...plain, ...settings });
}

function bases(text: string, settings: Partial<GraphSettings> = {}): readonly string[] {
  return resolve(text, settings).stages.map(({ base }) => {
    if (base.kind === "stage") return `stage ${base.index}`;
    return base.kind === "scratch" ? "scratch" : base.reference;
  });
}

function needs(
  text: string,
  settings: Partial<GraphSettings> = {},
): readonly (readonly number[])[] {
  return resolve(text, settings).stages.map((stage) => stage.needs);
}

function faults(text: string, settings: Partial<GraphSettings> = {}): readonly string[] {
  return resolve(text, settings).faults.map(({ line, what }) => `${line ?? "file"}: ${what}`);
}

describe("FROM", () => {
  test("stands on an image, scratch or an earlier stage", () => {
    expect(bases("FROM alpine:3 AS a\nFROM scratch AS b\nFROM a")).toEqual([
      "alpine:3",
      "scratch",
      "stage 0",
    ]);
  });

  test("means an image where the stage of that name comes later", () => {
    expect(bases("FROM a AS b\nFROM b AS a")).toEqual(["a", "stage 0"]);
  });

  test("means the nearest stage above where several have the name", () => {
    expect(bases("FROM x AS a\nFROM a\nFROM y AS a\nFROM a")).toEqual([
      "x",
      "stage 0",
      "y",
      "stage 2",
    ]);
  });

  test("finds a stage named in capitals by its name in lower case", () => {
    expect(bases("FROM x AS Base\nFROM base")).toEqual(["x", "stage 0"]);
  });

  test("in capitals names no stage", () => {
    expect(faults("FROM x AS Base\nFROM Base")).toEqual([
      '2: FROM takes the name of a stage in lower case: "base", not "Base"',
    ]);
  });

  test("never means a stage's number", () => {
    expect(bases("FROM x\nFROM 0")).toEqual(["x", "0"]);
  });

  test("may name a stage through a variable", () => {
    expect(bases("ARG V=small\nFROM x AS v-small\nFROM v-${V}")).toEqual(["x", "stage 0"]);
  });

  test("stands on a stage called scratch where there is one above", () => {
    expect(bases("FROM x AS scratch\nFROM scratch")).toEqual(["x", "stage 0"]);
  });
});

describe("variables in FROM", () => {
  test("have the default of an ARG above the first FROM, which may name others", () => {
    expect(bases("ARG A=1 B=$A.2\nFROM x:${B}")).toEqual(["x:1.2"]);
  });

  test("have the value of a build argument before the default", () => {
    expect(bases("ARG A=1\nFROM x:$A", { buildArgs: { A: "9" } })).toEqual(["x:9"]);
  });

  test("are not set by a build argument that no ARG above the first FROM names", () => {
    expect(bases("FROM x AS a\nARG A=1\nFROM x:${A:-none}", { buildArgs: { A: "9" } })).toEqual([
      "x",
      "x:none",
    ]);
  });

  test("know the platforms", () => {
    const target = { os: "linux", architecture: "arm", variant: "v6" };
    const text =
      "FROM x:$BUILDOS-$BUILDARCH-$TARGETOS-$TARGETARCH-$TARGETVARIANT\nFROM y/$TARGETPLATFORM/$BUILDPLATFORM";
    expect(bases(text, { target })).toEqual([
      "x:linux-amd64-linux-arm-v6",
      "y/linux/arm/v6/linux/amd64",
    ]);
  });

  test("keep what every object has out", () => {
    expect(bases("ARG constructor\nFROM x:${constructor:-unset}")).toEqual(["x:unset"]);
  });

  test("that are not set are named where nothing is left", () => {
    expect(faults("ARG A\nFROM x\nFROM $A$B")).toEqual([
      '3: FROM "$A$B" comes out empty; "A" and "B" need a value in build-args, or a default in an ARG above the first FROM',
    ]);
  });

  test("that are not set are named where no image is left", () => {
    expect(faults("FROM x:$A")).toEqual([
      '1: FROM "x:" is not the name of an image; "A" needs a value in build-args, or a default in an ARG above the first FROM',
    ]);
  });

  test("that cannot be read are a fault at their line", () => {
    expect(faults('ARG A="b\nFROM x:${A\nFROM ${A?set_it}')).toEqual([
      '1: the default ""b" of ARG "A" cannot be read: a " has no other " that ends it',
      '2: FROM "x:${A" cannot be read: ${ has no }',
      '3: FROM "${A?set_it}" cannot be read: A: set_it',
    ]);
  });
});

describe("the platform of a stage", () => {
  function platforms(text: string, settings: Partial<GraphSettings> = {}): readonly string[] {
    return resolve(text, settings).stages.map(({ platform }) => formatPlatform(platform));
  }

  const arm64 = { os: "linux", architecture: "arm64", variant: "" };

  test("is the one that is built for, unless FROM says another", () => {
    const text = "FROM x\nFROM --platform=$BUILDPLATFORM x\nFROM --platform=linux/s390x x";
    expect(platforms(text, { target: arm64 })).toEqual([
      "linux/arm64",
      "linux/amd64",
      "linux/s390x",
    ]);
  });

  test("is that of the stage below, whatever FROM says", () => {
    const text = "FROM --platform=linux/s390x x AS a\nFROM --platform=linux/amd64 a";
    expect(platforms(text)).toEqual(["linux/s390x", "linux/s390x"]);
  });

  test("is the one that is built for on scratch, whatever FROM says", () => {
    expect(platforms("FROM --platform=linux/s390x scratch")).toEqual(["linux/amd64"]);
  });

  test("may be left empty", () => {
    expect(faults("FROM --platform= x")).toEqual([]);
  });

  test("is refused where it is none", () => {
    expect(faults("FROM --platform=what x\nFROM --platform=$NONE x")).toEqual([
      '1: --platform takes os/architecture, such as linux/amd64, not "what"',
      '2: --platform "$NONE" comes out empty; "NONE" needs a value in build-args, or a default in an ARG above the first FROM',
    ]);
  });
});

describe("what a stage needs", () => {
  test("are the stages of FROM, COPY --from and RUN --mount, each once", () => {
    const text =
      "FROM x AS a\nFROM x AS b\nFROM x AS c\nFROM b\nCOPY --from=A /1 /2\nCOPY --from=b /1 /2\nRUN --mount=type=bind,from=C,target=/m d";
    expect(needs(text)).toEqual([[], [], [], [0, 1, 2]]);
  });

  test("may be told by number in COPY, and not in RUN --mount", () => {
    const text = "FROM x\nFROM x\nFROM x\nCOPY --from=1 /1 /2\nRUN --mount=from=0,target=/m d";
    expect(needs(text)).toEqual([[], [], [1]]);
  });

  test("is no stage where COPY names an image", () => {
    expect(needs("FROM x AS a\nFROM x\nCOPY --from=nginx:1 /1 /2")).toEqual([[], []]);
  });

  test("is the last stage of a name in COPY and RUN --mount", () => {
    const text = "FROM x AS a\nFROM y AS a\nFROM z\nCOPY --from=a /1 /2";
    expect(needs(text)).toEqual([[], [], [1]]);
  });

  test("takes in ONBUILD of the stage that it stands on, not of others", () => {
    const text = "FROM x AS a\nFROM x AS b\nONBUILD COPY --from=a /1 /2\nFROM b AS c\nFROM c";
    expect(needs(text)).toEqual([[], [], [0, 1], [2]]);
  });

  test("is read from quoted mounts", () => {
    const text =
      'FROM x AS a\nFROM x AS b\nFROM x\nRUN --mount=type=bind,"from=a",target=/m --mount="from=b,target=/n" c';
    expect(needs(text)).toEqual([[], [], [0, 1]]);
  });

  test("is refused where it is neither a stage nor an image", () => {
    expect(faults("FROM x\nCOPY --from=a/B /1 /2")).toEqual([
      '2: --from="a/B" is neither a stage nor the name of an image',
    ]);
  });

  test("is told elsewhere where it has a variable", () => {
    expect(faults("FROM x AS a\nFROM x\nCOPY --from=$T /1 /2")).toEqual([]);
  });

  test("is refused where no stage has the number", () => {
    expect(faults("FROM x\nFROM y\nCOPY --from=9 /1 /2")).toEqual([
      '3: --from="9" is the number of no stage: they go from 0 to 1',
    ]);
  });

  test("is refused where stages copy from each other", () => {
    expect(
      faults(
        "FROM x AS a\nCOPY --from=b /1 /2\nFROM x AS b\nCOPY --from=a /1 /2\nFROM x AS c\nCOPY --from=a /1 /2",
      ),
    ).toEqual(['1: the stage "a" copies from itself, directly or over others']);
  });

  test("is refused where a stage copies from itself", () => {
    expect(faults("FROM x\nFROM x AS b\nCOPY --from=1 /1 /2")).toEqual([
      '2: the stage "b" copies from itself, directly or over others',
    ]);
  });
});

describe("a build context", () => {
  test("takes the place of an image, however that is written", () => {
    const buildContexts = { "docker.io/library/alpine:latest": "docker-image://debian:12" };
    expect(bases("FROM alpine\nFROM alpine:3", { buildContexts })).toEqual([
      "debian:12",
      "alpine:3",
    ]);
  });

  test("takes the place of a stage, which then needs nothing", () => {
    const text = "FROM x AS a\nFROM a AS Deps\nCOPY --from=a /1 /2\nFROM deps";
    const { stages } = resolve(text, { buildContexts: { deps: "oci-layout://deps" } });
    expect(stages.map(({ replacedBy, needs: all }) => [replacedBy, all])).toEqual([
      [undefined, []],
      ["oci-layout://deps", []],
      [undefined, [1]],
    ]);
  });

  test("never takes the place of scratch", () => {
    expect(bases("FROM scratch", { buildContexts: { scratch: "./a" } })).toEqual(["scratch"]);
  });
});
