// Advice to mount what a later line deletes of a copy: all that is promised is in the mounts, and has
// there what the copy gave it.

import { describe, expect, it } from "vitest";
import { advised, type MadeUp } from "./advised-dockerfile.ts";

async function about(
  lines: readonly string[],
  saving: Partial<MadeUp>,
): Promise<readonly string[]> {
  const text = ["FROM busybox", ...lines, ""].join("\n");
  const deleted: MadeUp = { rule: "deleted-later", lines: [2, 1 + lines.length], ...saving };
  const advice = await advised(text, [deleted]);
  return advice.flatMap(({ message, instead }) => [instead, message]);
}

const STAGED =
  "Do in an earlier stage what lines 2 and 3 do, and take from there what is needed, with `COPY --from=…`.";

describe("several files that a line copies and a later one deletes", () => {
  const paths = ["/tmp/pkgs/one", "/tmp/pkgs/two"];
  const folder =
    "Mount it where it is needed: `RUN --mount=type=bind,source=pkgs,target=/tmp/pkgs,rw …`.";

  it.each([
    "RUN cd /tmp/pkgs && make && make install && rm -rf /tmp/pkgs",
    "RUN cat /tmp/pkgs/one /tmp/pkgs/two > /sum && rm -rf /tmp/pkgs",
    "RUN make -C /tmp/pkgs; rm -r /tmp/pkgs/",
    "RUN mv /tmp/pkgs/two /two && rm -rf /tmp/pkgs",
  ])("are mounted with the folder that is copied, to be written to: %s", async (line) => {
    const movesSome = line.includes("mv") ? { movesSome: true as const } : {};
    const told = await about(["COPY pkgs /tmp/pkgs", line], { files: 9, paths, ...movesSome });
    expect(told).toEqual([
      folder,
      "Line 3 deletes what line 2 wrote, but that layer still carries it. What is mounted cannot be deleted, and is not to be copied as well: let line 3 leave it alone, and keep it out of what line 2 copies.",
    ]);
  });

  it.each([
    ["COPY . /app", "WORKDIR /app", "make && rm -rf src", "source=src,target=/app/src,rw"],
    ["COPY app /app", "USER 7", "make && rm -r /app/src /b", "source=app/src,target=/app/src,rw"],
  ])("are mounted with the folder that is deleted: %s, %s, %s", async (copy, set, run, mount) => {
    const saving = { lines: [3, 4], files: 9, paths: ["/app/src/a", "/app/src/b"] };
    const [instead] = await about([set, copy, `RUN ${run}`], saving);
    expect(instead).toBe(`Mount it where it is needed: \`RUN --mount=type=bind,${mount} …\`.`);
  });

  it("are mounted one by one where all of them are known", async () => {
    const copy = "COPY one two three /srv/";
    const saving = { files: 2, paths: ["/srv/one", "/srv/two"] };
    const [instead] = await about([copy, "RUN make && rm -f /srv/o* /srv/t*"], saving);
    expect(instead).toBe(
      "Mount them where they are needed: `RUN --mount=type=bind,source=one,target=/srv/one,rw --mount=type=bind,source=two,target=/srv/two,rw …`.",
    );
  });

  it.each([
    ["some of them are moved", "COPY a b /srv/", "RUN ./a && rm /srv/a && mv /srv/b /b", true],
    ["it is not known which they are", "COPY app /srv", "RUN make clean -C /srv", false],
    ["several things are copied to one folder", "COPY a b /srv/", "RUN ./a && rm -r /srv", false],
  ])("are left to another stage where %s", async (_, copy, line, isMoved) => {
    const movesSome = isMoved ? { movesSome: true as const } : {};
    const saving = { files: isMoved ? 2 : 9, paths: ["/srv/a", "/srv/b"], ...movesSome };
    expect((await about([copy, line], saving))[0]).toBe(STAGED);
  });

  it("are left to another stage where a mount would hide or lose something", async () => {
    const copy = "COPY pkgs /tmp/pkgs";
    const remove = "rm -rf /tmp/pkgs";
    const saving = { files: 9, paths };
    const [twice] = await about([copy, "COPY more /tmp/pkgs", `RUN make && ${remove}`], saving);
    expect(twice).toBe(STAGED.replace("2 and 3", "2 to 4"));
    const [two] = await about([copy, "RUN make", `RUN make install && ${remove}`], saving);
    expect(two).toBe(STAGED.replace("2 and 3", "2 to 4"));
    const [one] = await about([copy, "RUN make install", `RUN ${remove}`], saving);
    expect(one).toBe(folder);
  });

  it("are mounted where they would be left behind, or left out of the copy", async () => {
    const left = (copy: string) =>
      about([copy], { rule: "package-cache", lines: [2], subject: "/tmp", files: 9, paths });
    expect((await left("COPY pkgs /tmp/pkgs"))[0]).toBe(folder);
    expect((await left("COPY rootfs /"))[0]).toBe(
      folder.replace("pkgs,target=/tmp/pkgs", "rootfs/tmp,target=/tmp"),
    );
    expect((await left("COPY $ROOT /"))[0]).toBe("Leave `/tmp` out of what line 2 copies.");
  });
});

describe("what is copied with an owner or a mode of its own", () => {
  it.each([
    ["--chmod=755", ""],
    ["--chown=7:7", ""],
    ["--chown=app --chmod=700", ", with owners by number"],
  ])("is mounted from where it is copied so: %s", async (flags, how) => {
    const copy = `COPY ${flags} installer /tmp/installer`;
    const run = "RUN /tmp/installer && rm /tmp/installer";
    const [instead, message] = await about([copy, run], { paths: ["/tmp/installer"] });
    expect(instead).toBe(
      `Copy it in a stage of its own${how}, and mount it where it is needed: \`RUN --mount=type=bind,from=…,source=/tmp/installer,target=/tmp/installer …\`.`,
    );
    expect(message).toContain("let line 3 leave it alone");
  });

  it("is mounted with its folder", async () => {
    const copy = "COPY --chmod=755 pkgs /pkgs";
    const paths = ["/pkgs/a", "/pkgs/b"];
    const [instead] = await about([copy, "RUN /pkgs/a && rm -r /pkgs"], { files: 2, paths });
    expect(instead).toBe(
      "Copy it in a stage of its own, and mount it where it is needed: `RUN --mount=type=bind,from=…,source=/pkgs,target=/pkgs,rw …`.",
    );
  });
});

describe("one file that is copied with others", () => {
  it("is not to be ignored where it is mounted", async () => {
    const told = "By `.dockerignore` it would be kept out of the mount too.";
    const run = "RUN tar -xf /app/a.tar && rm /app/a.tar";
    const message = async (copy: string) =>
      (await about([copy, run], { paths: ["/app/a.tar"] }))[1];
    expect(await message("COPY . /app")).toContain(told);
    expect(await message("COPY a.tar /app/")).not.toContain(told);
  });

  it("is left to another stage where one line changes it for another", async () => {
    const copy = "COPY a /a";
    const lines = (change: string) => [copy, `RUN ${change} /a`, "RUN /a && rm /a"];
    expect((await about(lines("chmod +x"), { paths: ["/a"] }))[0]).toBe(
      STAGED.replace("2 and 3", "2 to 4"),
    );
    expect((await about(lines("cat"), { paths: ["/a"] }))[0]).toMatch(/^Mount it where/);
  });
});
