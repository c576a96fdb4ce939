import { describe, expect, it } from "vitest";
import {
  type BakeSettings,
  bakeTargets,
  renderBakeFile,
  secretEnvironment,
} from "../../src/build/bake-file.ts";
import type { BuildInputs } from "../../src/model/inputs.ts";
import { emptyBuildInputs, plannedFixture } from "./captured.ts";

const image = await plannedFixture("Dockerfile");

function rendered(inputs: Partial<BuildInputs> = {}): {
  target: Record<string, Record<string, unknown>>;
} {
  const settings: BakeSettings = {
    workspace: "/repo",
    inputs: { ...emptyBuildInputs, ...inputs },
    dockerfileOf: () => "/repo/Dockerfile",
    outputOf: ({ id }) => `type=image,name=${id}`,
  };
  return JSON.parse(renderBakeFile(bakeTargets([image]), settings));
}

describe("the bake file", () => {
  it("has a target for every stage, named without the stage's own characters", () => {
    expect(Object.keys(rendered().target)).toEqual([
      "image0-stage0",
      "image0-stage1",
      "image0-stage2",
      "image0-stage3",
    ]);
  });

  it("keeps what looks like a template as it is", () => {
    const { target } = rendered({ buildArgs: { A: "${HOME} %{x} $${y}" } });
    expect(target["image0-stage0"]?.args).toEqual({ A: "$${HOME} %%{x} $$${y}" });
  });

  it("holds no secret, only the variable that carries it", () => {
    const secrets = [
      { kind: "value", id: "token", value: "hunter2" },
      { kind: "environment", id: "npm", variable: "NPM_TOKEN" },
      { kind: "file", id: "key", path: "/keys/a,b" },
    ] as const;
    const { target } = rendered({ secrets });
    expect(target["image0-stage0"]?.secret).toEqual([
      "type=env,id=token,env=WEIGHBRIDGE_SECRET_0",
      "type=env,id=npm,env=WEIGHBRIDGE_SECRET_1",
      'type=file,id=key,"src=/keys/a,b"',
    ]);
    expect(secretEnvironment(secrets, { NPM_TOKEN: "hunter3", OTHER: "else" })).toEqual({
      WEIGHBRIDGE_SECRET_0: "hunter2",
      WEIGHBRIDGE_SECRET_1: "hunter3",
    });
    expect(Object.keys(secretEnvironment(secrets, {}))).toEqual(["WEIGHBRIDGE_SECRET_0"]);
  });

  it("builds for the platform that was asked for, and else for the builder's own", () => {
    expect(rendered().target["image0-stage0"]).not.toHaveProperty("platforms");
    const { target } = rendered({ platform: "linux/arm64" });
    expect(target["image0-stage0"]?.platforms).toEqual(["linux/arm64"]);
  });
});
