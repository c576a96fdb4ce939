import { describe, expect, it } from "vitest";
import { makeBaseLayer, makeLayer, makePlannedImage, makeStage } from "../make.ts";
import { advised } from "./advised-dockerfile.ts";
import { adviceOf, COPY, makeSaving, RUN } from "./make-advice.ts";
import { makeFacts } from "./make-facts.ts";

describe("a change of owners or modes", () => {
  it.each([
    ["", true],
    ["docker/dockerfile:1.13", true],
    ["example.com/mine:1.20", true],
    ["docker/dockerfile:1.14", false],
    ["docker.io/docker/dockerfile:1", false],
    ["docker/dockerfile:1.20.1-labs@sha256:0", false],
  ])(
    "leaves folders open to enter where files get a mode without execution, and says what that takes: %j",
    (frontend, isSaid) => {
      const { owner, ...saving } = makeSaving({ mode: "644", folderMode: "755" });
      const image = makePlannedImage(frontend === "" ? {} : { frontend });
      const [stage = makeStage()] = image.stages;
      const facts = makeFacts({ savings: [saving] });
      const [advice] = adviceOf({}, undefined, { facts, image, stage });
      expect(advice?.instead).toBe("COPY --chmod=u=rwX,g=rX,o=rX --chown=app . /app");
      const takes = "That takes `# syntax=docker/dockerfile:1` (1.14 or newer) as the first line.";
      expect(advice?.message.endsWith(takes)).toBe(isSaid);
    },
  );

  it.each([
    [{ mode: "2644", folderMode: "2644" }, "2644"],
    [{ mode: "664" }, "664"],
    [{ mode: "1644" }, "1644"],
    [{ mode: "4755", folderMode: "4755" }, "4755"],
    [{ mode: "644" }, "644"],
    [{ mode: "755", folderMode: "755" }, "755"],
  ])("gives a mode as it is where folders have it too, or there are none: %j", (modes, mode) => {
    const { owner, ...saving } = makeSaving(modes);
    const facts = makeFacts({ savings: [saving] });
    expect(adviceOf({}, undefined, { facts })).toMatchObject([
      { instead: `COPY --chmod=${mode} --chown=app . /app` },
    ]);
  });

  it.each(["775", "770", "2775", "666"])(
    "gives no mode that the outermost folder would not get: %s",
    (mode) => {
      const { owner, ...saving } = makeSaving({ mode, folderMode: mode });
      const [advice] = adviceOf({}, undefined, { facts: makeFacts({ savings: [saving] }) });
      expect(advice?.instead).toContain("Do in an earlier stage what lines 2 and 3 do");
    },
  );

  const LEFT_ALONE =
    "Let line 3 leave them alone: some engines store once more even what a change leaves as it is.";

  it.each([
    ["+x", { mode: "755", folderMode: "700" }],
    ["-x", { mode: "644", folderMode: "755", wasExecutable: true }],
  ] as const)(
    "has modes that Git keeps given in the context, not by a copy: %s for %j",
    (change, modes) => {
      const { owner, ...saving } = makeSaving(modes);
      const facts = makeFacts({ savings: [saving] });
      expect(adviceOf({}, undefined, { facts })).toMatchObject([
        {
          instead: `Give the files mode ${modes.mode} in the build context, which line 2 keeps, as Git does: \`git update-index --chmod=${change} …\`. ${LEFT_ALONE}`,
        },
      ]);
    },
  );

  it.each([
    { mode: "600", folderMode: "755" },
    { mode: "644", folderMode: "…" },
    { mode: "755", folderMode: "700", wasExecutable: true },
    { mode: "2644", folderMode: "755" },
    { mode: "664", folderMode: "775" },
    { mode: "…" },
  ] as const)(
    "has other modes given in an earlier stage, as folders would get them too: %j",
    (modes) => {
      const { owner, ...saving } = makeSaving(modes);
      const facts = makeFacts({ savings: [saving] });
      const [advice] = adviceOf({}, undefined, { facts });
      expect(advice?.instead).toBe(
        `Do in an earlier stage what lines 2 and 3 do, and take the result from there with \`COPY --from=…\`, which keeps owners and modes. ${LEFT_ALONE}`,
      );
    },
  );

  it("makes the folder of a single file first, which else would get what the file does", () => {
    const copy = { ...COPY, instruction: "COPY key /etc/app/key" };
    const alone = { files: 1, paths: ["/etc/app/key.txt"], folderOwner: "0:0", folderMode: "755" };
    expect(adviceOf({ ...alone, mode: "600" }, [makeBaseLayer(), copy, RUN])).toMatchObject([
      {
        instead:
          "Write `RUN mkdir -p /etc/app`, and then `COPY --chown=7:7 --chmod=600 key /etc/app/key`.",
      },
    ]);
  });

  it("makes no folder first that a shell would call otherwise, or by another user", async () => {
    const about = async (folder: string, user: string) => {
      const text = `FROM busybox\n${user}\nCOPY key ${folder}/key\nRUN chmod 600 ${folder}/key\n`;
      const [advice] = await advised(text, [
        {
          ...{ rule: "metadata-only", lines: [3, 4], mode: "600", paths: [`${folder}/key`] },
          ...{ folderOwner: "0:0", folderMode: "755" },
        },
      ]);
      return advice?.instead;
    };
    const made = "Write `RUN mkdir -p /etc/app`, and then `COPY --chmod=600 key /etc/app/key`.";
    expect(await about("/etc/app", "USER root")).toBe(made);
    expect(await about("/etc/app", "USER 0:0")).toBe(made);
    expect(await about("/etc/app", "USER app")).not.toContain("mkdir");
    expect(await about("/etc/app", "USER $WHO")).not.toContain("mkdir");
    expect(await about("/etc/a;b", "USER root")).not.toContain("mkdir");
  });

  it("says that folders get an owner too that they did not have", () => {
    const [advice] = adviceOf({ folderOwner: "0:0", folderMode: "755" });
    expect(advice?.instead).toBe("COPY --chown=7:7 . /app");
    expect(advice?.message).toContain("The folders that line 2 makes belong to 7:7 then too.");
  });

  it("gives no mode to what is unpacked, which keeps its own", () => {
    const add = { ...COPY, instruction: "ADD app.tar.gz /app" };
    expect(adviceOf({ mode: "700" }, [makeBaseLayer(), add, RUN])).toMatchObject([
      {
        instead:
          "Use ADD in an earlier stage, change there what line 3 changes, and `COPY --chown=7:7 --from=…` that here.",
      },
    ]);
    expect(adviceOf({}, [makeBaseLayer(), add, RUN])).toMatchObject([
      { instead: "ADD --chown=7:7 app.tar.gz /app" },
    ]);
  });

  it("does not change what line 3 leaves as it is", () => {
    expect(adviceOf({ isPartial: true })).toMatchObject([
      {
        instead:
          "Copy what line 3 changes by a line of its own, with `--chown=7:7`, and leave it out of line 2 and of what line 3 changes.",
      },
    ]);
  });

  it.each([{ mode: "…" }, { mode: "664", folderMode: "775" }, { owner: "…" }])(
    "never gives files and folders together a mode or an owner that is not that of both: %j",
    (change) => {
      const [advice] = adviceOf(change);
      expect(advice?.instead).not.toMatch(/--ch(?:own|mod)/);
      expect(advice?.instead).toContain(
        "do, with owners by number, and take the result from there",
      );
    },
  );

  it("has what folders get too done where that is kept, which is not Git", () => {
    const { owner, ...saving } = makeSaving({
      mode: "755",
      folderMode: "700",
      foldersGetMode: true,
    });
    const facts = makeFacts({ savings: [saving] });
    const [advice] = adviceOf({}, undefined, { facts });
    expect(advice?.instead).toContain("Do in an earlier stage what lines 2 and 3 do,");
  });

  it("never is to leave out a line that may do more than what is told", () => {
    const { owner, ...saving } = makeSaving();
    const facts = makeFacts({ savings: [saving] });
    expect(adviceOf({}, undefined, { facts })).toMatchObject([
      { instead: "Let line 3 leave as it is what line 2 wrote." },
    ]);
    const again = makeLayer({ line: 3, instruction: "COPY . /app" });
    const run = makeLayer({ line: 2, instruction: "RUN make" });
    expect(adviceOf({}, [makeBaseLayer(), run, again], { facts })).toMatchObject([
      { instead: "Let line 3 not copy what line 2 has written." },
    ]);
    const owned = makeFacts({ savings: [makeSaving()] });
    expect(adviceOf({}, [makeBaseLayer(), run, again], { facts: owned })).toMatchObject([
      { instead: "Let only one of lines 2 and 3 write them, as line 3 does." },
    ]);
  });
});
