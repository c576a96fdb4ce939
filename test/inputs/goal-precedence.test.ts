import { describe, expect, it } from "vitest";
import { overruledNotes, rulesFor } from "../../src/inputs/goal-precedence.ts";
import type { GoalEntry, GoalRules } from "../../src/model/inputs.ts";
import { createProject, readInputs } from "./project.ts";

const given = (pattern: string, rules: GoalRules): GoalEntry => ({
  pattern,
  rules,
  where: "--goals, line 1",
  isGiven: true,
});

/** Of the configuration file, for all images. */
const shared = (pattern: string, rules: GoalRules): GoalEntry => ({
  pattern,
  rules,
  where: ".github/weighbridge.yml:2",
});

/** Of the configuration file, listed with the image `web`. */
const own = (pattern: string, rules: GoalRules): GoalEntry => ({
  pattern: `web/${pattern}`,
  written: pattern,
  rules,
  where: ".github/weighbridge.yml:7",
});

const production = { image: "web", name: "production" };

describe("what is given to the run", () => {
  it("wins over what an image of the configuration file says of the same stage, rule by rule", () => {
    const entries = [
      own("production", { maxUnpacked: 1, maxDownload: 2 }),
      given("production", { maxUnpacked: 3 }),
    ];
    expect(rulesFor(production, entries)).toEqual({ maxUnpacked: 3, maxDownload: 2 });
    expect(overruledNotes(entries, [production])).toEqual([]);
  });

  it("wins over what it says of the same stage of all images", () => {
    const entries = [
      given("production", { maxUnpacked: 3 }),
      shared("production", { maxUnpacked: 1 }),
    ];
    expect(rulesFor(production, entries)).toEqual({ maxUnpacked: 3 });
  });

  it("wins over all stages of an image where it says all stages", () => {
    const entries = [own("*", { maxUnpacked: 1 }), given("*", { maxUnpacked: 3 })];
    expect(rulesFor(production, entries)).toEqual({ maxUnpacked: 3 });
  });

  it("loses to a key that is more specific, and the report says so", () => {
    const entries = [
      own("production", { maxUnpacked: 1 }),
      given("*", { maxUnpacked: 3, failOnSeverity: "high" }),
    ];
    expect(rulesFor(production, entries)).toEqual({ maxUnpacked: 1, failOnSeverity: "high" });
    expect(overruledNotes(entries, [production])).toEqual([
      'What --goals, line 1 says of "*" does not hold for max-unpacked of "production": .github/weighbridge.yml:7 says it of "production", which is more specific.',
    ]);
  });

  it("loses nothing where the other says the same", () => {
    const entries = [own("production", { maxUnpacked: 3 }), given("*", { maxUnpacked: 3 })];
    expect(overruledNotes(entries, [production])).toEqual([]);
  });

  it("is told from what a configuration file says, as they are read", async () => {
    await using project = await createProject({
      "web/Dockerfile": "FROM scratch AS production\n",
      ".github/weighbridge.yml":
        "images:\n  - {name: web, context: web, goals: {production: {max-unpacked: 1MB}}}\n",
    });
    const { inputs } = await readInputs(project, { goals: "production: {max-unpacked: 3MB}" });
    expect(rulesFor(production, inputs.goals)).toEqual({ maxUnpacked: 3_000_000 });
  });
});
