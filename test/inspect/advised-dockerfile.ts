// Advice on a Dockerfile as it is read, without an image: what could be spared is made up.

import { advise } from "../../src/inspect/advice/advise.ts";
import type { Saving } from "../../src/inspect/savings/saving.ts";
import type { Advice, AdviceRule, Layer } from "../../src/model/image.ts";
import type { Instruction, PlannedImage, Stage } from "../../src/model/plan.ts";
import { chainOf } from "../../src/plan/chain.ts";
import type { DockerfileHost } from "../../src/plan/read-image.ts";
import { makeBaseLayer, makeLayer } from "../make.ts";
import { planFixture } from "../plan/plan-fixture.ts";
import { makeFacts } from "./make-facts.ts";

/** What could be spared, by lines rather than layers. */
export interface MadeUp
  extends Partial<Omit<Saving, "layer" | "laterLayer" | "middleLayers" | "otherLayers">> {
  readonly rule: AdviceRule;
  /** The line that wrote it, those that did to it what the last one did, and that. */
  readonly lines: readonly number[];
  /** Others that wrote some of it once more. */
  readonly otherLines?: readonly number[];
}

/** What is looked at: by default the last stage. */
export interface Asked {
  readonly stageName?: string | undefined;
  readonly dockerfile?: string;
  /** Lines whose layers have nothing. */
  readonly empty?: readonly number[];
  /** Whether it has an ignore file of its own, and others that share one with it, by their paths. */
  readonly hasOwnIgnoreFile?: boolean;
  readonly others?: Readonly<Record<string, string>>;
}

const LAYERED = ["RUN", "COPY", "ADD", "WORKDIR"];

/** The advice on a stage, by default the last; each of its lines made a layer of 10 MB. */
export async function advised(
  text: string,
  savings: readonly MadeUp[],
  asked: Asked = {},
): Promise<readonly Advice[]> {
  const { stageName, dockerfile = "Dockerfile", empty = [] } = asked;
  const planned = await planFixture(hostOf(text, dockerfile), dockerfile);
  const image = { ...planned, ...(await rulesOf(asked)) };
  const stage = image.stages.findLast(({ name }) => stageName === undefined || name === stageName);
  if (stage === undefined) throw new Error("no stage");
  const chain = chainOf<Stage>(image.stages, stage.index).toReversed();
  const layers = [
    makeBaseLayer(),
    ...chain.flatMap(({ instructions }) =>
      instructions.filter(isLayered).map((each) => layerOf(each, empty)),
    ),
  ];
  const facts = makeFacts({ savings: savings.map((saving) => savingOf(saving, layers)) });
  return advise({ image, stage, facts, layers });
}

/** The only advice on it. */
export async function only(text: string, saving: MadeUp, stage?: string): Promise<Advice> {
  const [advice, ...others] = await advised(text, [saving], { stageName: stage });
  if (advice === undefined || others.length > 0) throw new Error("not one advice");
  return advice;
}

/** The third line gives all that the second wrote to somebody else. */
export const CHOWNED: MadeUp = { rule: "metadata-only", lines: [2, 3], owner: "7:7", isSole: true };

function isLayered({ keyword }: Instruction): boolean {
  return LAYERED.includes(keyword);
}

function layerOf({ text, lines }: Instruction, empty: readonly number[]): Layer {
  const unpacked = empty.includes(lines.start) ? 0 : 10_000_000;
  return makeLayer({ line: lines.start, instruction: text, unpacked });
}

function savingOf({ lines, otherLines, ...saving }: MadeUp, layers: readonly Layer[]): Saving {
  const numberOf = (line: number) => layers.findLastIndex((layer) => layer.line === line);
  const [layer = 0, ...later] = lines.map(numberOf);
  const laterLayer = later.pop();
  return {
    ...{ bytes: 2_000_000, files: 1, paths: ["/app/large"] },
    ...saving,
    layer,
    ...(laterLayer !== undefined && { laterLayer }),
    ...(later.length > 0 && { middleLayers: later }),
    ...(otherLines !== undefined && { otherLayers: otherLines.map(numberOf) }),
  };
}

async function rulesOf({
  hasOwnIgnoreFile: isOwn = false,
  others,
}: Asked): Promise<Pick<PlannedImage, "ignoreRules">> {
  if (others === undefined && !isOwn) return {};
  const sharers = Object.entries(others ?? {}).map(([path, text]) => {
    return planFixture(hostOf(text, path), path);
  });
  return { ignoreRules: { isOwn, sharers: await Promise.all(sharers) } };
}

function hostOf(text: string, dockerfile: string): DockerfileHost {
  return {
    files: {
      async stat(path) {
        if (path !== dockerfile) return undefined;
        return { kind: "file", bytes: text.length, modifiedMilliseconds: 0 };
      },
      readText: async () => text,
    },
  };
}
