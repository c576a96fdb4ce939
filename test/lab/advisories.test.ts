import { describe, expect, it } from "vitest";
import advisories from "../../scripts/lab/vulnerability-database/advisories.json" with {
  type: "json",
};

const { sources, vulnerabilities } = advisories;

describe("the advisories of the lab's database", () => {
  it("are named once each, as their sources name them", () => {
    const ids = vulnerabilities.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^(CVE-\d{4}-\d{4,}|TEMP-[0-9A-F-]+)$/.test(id))).toEqual([]);
  });

  it("name packages in buckets whose source is told", () => {
    const known = new Set(sources.map(({ bucket }) => bucket));
    const used = vulnerabilities.flatMap(({ affected }) => affected.map(({ bucket }) => bucket));
    expect(new Set(used)).toEqual(known);
  });

  it("say of every package which versions are affected", () => {
    const affected = vulnerabilities.flatMap(
      (vulnerability): readonly object[] => vulnerability.affected,
    );
    const silent = affected.filter(
      (one) => !("fixed" in one) && !("status" in one) && !("vulnerable" in one),
    );
    expect(silent).toEqual([]);
  });

  it("cover operating system, pip, npm and Maven packages at every severity", () => {
    const words = vulnerabilities.flatMap(({ severity }) => Object.values(severity));
    expect(new Set(words)).toEqual(new Set(["LOW", "MEDIUM", "HIGH", "CRITICAL"]));
    expect(sources).toHaveLength(4);
  });
});
