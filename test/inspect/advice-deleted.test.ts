// Advice on what a later line deletes: what is written instead does all else that the lines did.

import { describe, expect, it } from "vitest";
import { advised, type MadeUp } from "./advised-dockerfile.ts";

async function insteadOf(text: string, saving: MadeUp): Promise<readonly string[]> {
  return (await advised(text, [saving])).map(({ instead }) => instead);
}

describe("what is deleted later", () => {
  const about = (copy: string, ...lines: readonly string[]) =>
    insteadOf(["FROM busybox", copy, ...lines, ""].join("\n"), {
      ...{ rule: "deleted-later", lines: [2, 2 + lines.length], paths: ["/app/large"] },
    });
  const keptOut =
    "Keep `/app/large` out of what line 2 copies, by a line in `.dockerignore` or by naming what is needed.";

  it("is kept out where nothing has used it", async () => {
    expect(await about("COPY . /app", "RUN rm /app/large")).toEqual([keptOut]);
    expect(await about("COPY . /app", "RUN rm -f /app/large /app/b")).toEqual([keptOut]);
    expect(await about("COPY . /app", "RUN rm -r /app /b")).toEqual([]);
    expect(await about("COPY . /app", "RUN make", "RUN rm /app/large")).not.toEqual([keptOut]);
    expect(await about("COPY . /app", "RUN make && rm /app/large")).not.toEqual([keptOut]);
  });

  it("is deleted in each line that makes Python compile it again", async () => {
    const about = (between: string, path: string) => {
      const run = "RUN find /venv -name '*.pyc' -delete";
      const text = `FROM python\nRUN python -m venv /venv\nRUN ${between}\n${run}\n`;
      return insteadOf(text, { rule: "deleted-later", lines: [2, 4], paths: [path] });
    };
    expect(await about("/venv/bin/pip install flask", "/venv/a.pyc")).toEqual([
      "Do what line 4 does in each of lines 2 and 3, which all make Python compile.",
    ]);
    const joined = ["Do in line 2 what line 4 does."];
    expect(await about("make", "/venv/a.pyc")).toEqual(joined);
    expect(await about("/venv/bin/pip install flask", "/venv/a.txt")).toEqual(joined);
  });

  it("is told with the deletion that would fail then", async () => {
    const saving = { rule: "deleted-later", lines: [2, 3], paths: ["/app/large"] } as const;
    const message = async (line: string) => {
      const [advice] = await advised(`FROM busybox\nCOPY . /app\n${line}\n`, [saving]);
      return advice?.message ?? "";
    };
    const sentence = "Leave `/app/large` out of what line 3 deletes, which would fail without it.";
    expect(await message("RUN rm /app/large")).toContain(sentence);
    expect(await message("RUN rm -f /app/large")).not.toContain(sentence);
  });

  it("is only kept out by a pattern where no other line copies it", async () => {
    const text =
      "FROM busybox\nCOPY . /app\nRUN rm -f /app/large\nFROM busybox\nCOPY --from=0 /app/large /a\n";
    const saving = { rule: "deleted-later", lines: [2, 3], paths: ["/app/large"] } as const;
    const staged = `${text.replace("FROM busybox", "FROM busybox AS one")}FROM one\n`;
    expect(await insteadOf(staged, saving)).toEqual([
      "Keep `/app/large` out of what line 2 copies, by naming what is needed.",
    ]);
  });

  it("is only kept out by a pattern where no line of another stage runs with it", async () => {
    const text =
      "FROM busybox\nCOPY . .\nRUN tar -xf /large\nFROM busybox\nCOPY . /app\nRUN rm -f /app/large\n";
    const saving = { rule: "deleted-later", lines: [5, 6], paths: ["/app/large"] } as const;
    expect(await insteadOf(text, saving)).toEqual([
      "Keep `/app/large` out of what line 5 copies, by naming what is needed.",
    ]);
  });

  it("is not mounted in one line where another uses it before that", async () => {
    const last = "RUN ./install /app/large && rm /app/large";
    expect(await about("COPY a/large /app/", "RUN ./check /app/large", last)).toEqual([
      "Mount it where it is needed: `RUN --mount=type=bind,source=a/large,target=/app/large …`.",
    ]);
  });

  it("is kept out by the ignore file that counts", async () => {
    const saving = { rule: "deleted-later", lines: [2, 3], paths: ["/app/large"] } as const;
    const text = "FROM busybox\nCOPY . /app\nRUN rm -f /app/large\n";
    const [advice] = await advised(text, [saving], { dockerfile: "web.Dockerfile" });
    expect(advice?.instead).toContain(
      "by a line in `web.Dockerfile.dockerignore` where that is there, else in `.dockerignore` or by",
    );
  });

  it.each([
    "RUN ./install /app/large && rm -r /app/b /app/large",
    "RUN ./install /app/large || true && rm /app/large",
    "RUN ./install /app/large; ./test && rm /app/large",
  ])("is not mounted by a line that loses something by that: %s", async (line) => {
    expect(await about("COPY a/large /app/", line)).toEqual([
      "Mount it where it is needed: `RUN --mount=type=bind,source=a/large,target=/app/large …`.",
    ]);
  });

  it("is mounted, with all that the line does but deleting it", async () => {
    expect(await about("COPY a/large /app/", "RUN ./install /app/large && rm /app/large")).toEqual([
      "Write `RUN --mount=type=bind,source=a/large,target=/app/large ./install /app/large` instead of lines 2 and 3.",
    ]);
    expect(await about("COPY a/large /app/", "RUN rm /app/large")).toEqual([
      "Mount it where it is needed: `RUN --mount=type=bind,source=a/large,target=/app/large …`.",
    ]);
    expect(await about("COPY a* /app/", "RUN ./install /app/large && rm /app/large")).toEqual([
      "Mount it where it is needed: `RUN --mount=type=bind,source=…,target=/app/large …`.",
    ]);
  });
});
