import { describe, expect, it } from "vitest";
import type { ImageFinding } from "../../src/model/finding.ts";
import type { HistoryEntry } from "../../src/oci-documents.ts";
import { type ConfigurationSecret, placeInHistory } from "../../src/scan/configuration-secrets.ts";

const LAYERS = ["sha256:a", "sha256:b"];

function entry(createdBy: string, isEmpty = false): HistoryEntry {
  return { createdBy, comment: "buildkit.dockerfile.v0", isEmpty };
}

const HISTORY = [
  entry("ADD root.tar / # buildkit"),
  entry("ENV TOKEN=ghp_12 A=b", true),
  entry("RUN /bin/sh -c echo ghp_34 > /x # buildkit"),
];

function found(configurationText: string, rule = "github-pat"): ConfigurationSecret {
  const message = "A token in the image's configuration.";
  return { tool: "trivy", kind: "secret", rule, severity: "critical", message, configurationText };
}

function placed(...secrets: readonly ImageFinding[]) {
  const all = placeInHistory(secrets, { history: HISTORY, diffIds: LAYERS });
  return all.map(({ historyEntry, layerDiffId }) => [historyEntry, layerDiffId]);
}

describe("a secret in an image's configuration", () => {
  it("is of the instruction that the history has it of", () => {
    expect(placed(found('  "created_by": "ENV TOKEN=****** A=b",'))).toEqual([[1, undefined]]);
  });

  it("is of a layer where the instruction made one, though only a part of it is shown", () => {
    const part = 'ted_by": "RUN /bin/sh -c echo ****** \\u003e /x # bui';
    expect(placed(found(part))).toEqual([[2, "sha256:b"]]);
  });

  it("is told once where the history has it too", () => {
    const variable = found('   "TOKEN=******",');
    expect(placed(variable, found('  "created_by": "ENV TOKEN=****** A=b",'))).toEqual([
      [1, undefined],
    ]);
    expect(placed(variable)).toEqual([[undefined, undefined]]);
    const other = found('   "KEY=******",', "aws-key");
    expect(placed(other, found('  "created_by": "ENV TOKEN=****** A=b",'))).toHaveLength(2);
  });

  it("is nowhere where the history has other words or another length", () => {
    expect(placed(found('  "created_by": "ENV TOKEN=**** A=b",'))).toEqual([
      [undefined, undefined],
    ]);
    expect(placed(found(""))[0]).toEqual([undefined, undefined]);
  });

  it("leaves no text of the configuration behind, and other findings as they are", () => {
    const { configurationText, ...file } = { ...found(""), path: "/a", layerDiffId: "sha256:a" };
    const all = placeInHistory([found('"TOKEN=******"'), file], { history: [], diffIds: [] });
    expect(all).toHaveLength(2);
    expect(all[0]).not.toHaveProperty("configurationText");
    expect(all[1]).toEqual(file);
  });
});
