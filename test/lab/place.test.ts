import { describe, expect, it } from "vitest";
import { findPlace } from "../../scripts/lab/place.ts";

describe("the lab's place", () => {
  it("is in the user's cache folder", () => {
    expect(findPlace({ XDG_CACHE_HOME: "/cache" })).toEqual({
      folder: "/cache/weighbridge-lab",
      // Not beside what engines keep: taking a lock looks through all that is below its folder.
      lock: "/cache/weighbridge-lab/locked/lock",
      number: 0,
      registryHost: "127.0.0.1:5000",
    });
  });

  it("is another one with another registry when asked for", () => {
    const environment = { WEIGHBRIDGE_LAB_FOLDER: "/second", WEIGHBRIDGE_LAB_NUMBER: "3" };
    expect(findPlace(environment)).toEqual({
      folder: "/second",
      lock: "/second/locked/lock",
      number: 3,
      registryHost: "127.0.0.1:5003",
    });
  });

  it("has a number that ports and names can be made of", () => {
    expect(() => findPlace({ WEIGHBRIDGE_LAB_NUMBER: "many" })).toThrow("from 0 to 99");
  });
});
