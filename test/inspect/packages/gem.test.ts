import { describe, expect, it } from "vitest";
import { say } from "./say.ts";

const ROOT = "/usr/local/bundle";

const RACK = `# -*- encoding: utf-8 -*-
# stub: rack 3.1.8 ruby lib

Gem::Specification.new do |s|
  s.name = "rack".freeze
  s.version = "3.1.8".freeze

  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze)
`;

describe("a gem", () => {
  it("has a specification, and what it brought beside that", () => {
    const path = `${ROOT}/specifications/rack-3.1.8.gemspec`;
    expect(say(path, RACK)).toEqual([
      {
        type: "gem",
        name: "rack",
        version: "3.1.8",
        files: [path],
        folder: `${ROOT}/gems/rack-3.1.8`,
      },
    ]);
  });

  it("may come with Ruby", () => {
    const said = say("/usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec", RACK);
    expect(said?.[0]?.folder).toBe("/usr/lib/ruby/gems/3.1.0/gems/json-2.6.1");
  });

  it("may be one for a platform, whose name its folder has", () => {
    const said = say(`${ROOT}/specifications/rack-3.1.8-x86_64-linux.gemspec`, RACK);
    expect(said?.[0]?.folder).toBe(`${ROOT}/gems/rack-3.1.8-x86_64-linux`);
  });

  it("may have had something compiled for it", () => {
    const folder = `${ROOT}/extensions/x86_64-linux/3.1.0/unf_ext-0.0.9.1`;
    expect(say(`${folder}/gem.build_complete`, "")).toEqual([
      { type: "gem", name: "unf_ext", version: "0.0.9.1", folder },
    ]);
  });

  it("is not what a package has for its own making", () => {
    expect(say(`${ROOT}/gems/rack-3.1.8/rack.gemspec`, RACK)).toBeUndefined();
  });

  it("says nothing without a version", () => {
    expect(say(`${ROOT}/specifications/x.gemspec`, 's.name = "x"')).toEqual([]);
  });
});
