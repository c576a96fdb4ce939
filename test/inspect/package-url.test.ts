import { describe, expect, it } from "vitest";
import { packageUrl } from "../../src/inspect/package-url.ts";

describe("the URL of a package", () => {
  it.each([
    ["deb", "libc6", "2.36-9+deb12u9", "pkg:deb/libc6@2.36-9%2Bdeb12u9"],
    ["deb", "perl", "5:1~2", "pkg:deb/perl@5:1~2"],
    ["pypi", "Typing_Extensions", "4.0", "pkg:pypi/typing-extensions@4.0"],
    ["npm", "@babel/core", "7.26.0", "pkg:npm/%40babel/core@7.26.0"],
    ["golang", "github.com/a/b", "v1.0.0", "pkg:golang/github.com/a/b@v1.0.0"],
    ["golang", "github.com/BurntSushi/toml", "v1", "pkg:golang/github.com/burntsushi/toml@v1"],
    ["npm", "/a//b/", "1", "pkg:npm/a/b@1"],
    ["maven", "org.slf4j:slf4j-api", "2.0.1", "pkg:maven/org.slf4j/slf4j-api@2.0.1"],
    ["gem", "rake", "", "pkg:gem/rake"],
    ["npm", "a b\n(c)", "1 \ud800", "pkg:npm/a%20b%0A%28c%29@1%20%EF%BF%BD"],
  ] as const)("of %s %s %s is written as URLs are", (type, name, version, url) => {
    expect(packageUrl(type, name, version)).toBe(url);
  });
});
