import { describe, expect, it } from "vitest";
import { say } from "./say.ts";

const LODASH = JSON.stringify({ name: "lodash", version: "4.17.21" });

describe("the description of an npm package", () => {
  it.each([
    "/app/node_modules/lodash",
    "/usr/local/lib/node_modules/npm/node_modules/lodash",
    "/node_modules/.pnpm/lodash@4.17.21/node_modules/lodash",
  ])("claims its folder %s", (folder) => {
    const said = [{ type: "npm", name: "lodash", version: "4.17.21", folder }];
    expect(say(`${folder}/package.json`, LODASH)).toEqual(said);
  });

  it("may be that of a scoped package", () => {
    const folder = "/app/node_modules/@babel/core";
    const content = '{"name":"@babel/core","version":"7.26.0"}';
    const said = [{ type: "npm", name: "@babel/core", version: "7.26.0", folder }];
    expect(say(`${folder}/package.json`, content)).toEqual(said);
  });

  it("tells the true name of a package that has another folder", () => {
    const said = say("/app/node_modules/old-lodash/package.json", LODASH);
    expect(said?.[0]?.name).toBe("lodash");
  });

  it("has the name of its folder when it tells none", () => {
    const folder = "/app/node_modules/mine";
    const said = [{ type: "npm", name: "mine", version: "", folder }];
    expect(say(`${folder}/package.json`, '{"version":3}')).toEqual(said);
  });

  it.each([
    "/app/package.json",
    "/app/node_modules/package.json",
    "/app/node_modules/@babel/package.json",
    "/app/node_modules/.cache/package.json",
    "/app/node_modules/lodash/fp/package.json",
    "/app/my_node_modules/lodash/package.json",
  ])("is no installed package's at %s", (path) => {
    expect(say(path, LODASH)).toBeUndefined();
  });

  it("says nothing when it is damaged", () => {
    expect(say("/app/node_modules/lodash/package.json", LODASH.slice(0, -1))).toEqual([]);
  });
});
