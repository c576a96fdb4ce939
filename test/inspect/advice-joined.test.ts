import { describe, expect, it } from "vitest";
import { makeBaseLayer, makeLayer } from "../make.ts";
import { CHOWNED, only } from "./advised-dockerfile.ts";
import { adviceOf } from "./make-advice.ts";

describe("two RUNs", () => {
  it("joins two RUNs into one, but not what a shell does not read", () => {
    const first = makeLayer({ line: 2, instruction: "RUN make" });
    const later = makeLayer({ line: 3, instruction: "RUN rm -r /src" });
    const rule = "deleted-later";
    expect(adviceOf({ rule }, [makeBaseLayer(), first, later])[0]?.instead).toBe(
      "RUN make && rm -r /src",
    );
    const exec = makeLayer({ line: 3, instruction: 'RUN ["rm", "-r", "/src"]' });
    expect(adviceOf({ rule }, [makeBaseLayer(), first, exec])[0]?.instead).toBe(
      "Do in line 2 what line 3 does.",
    );
  });

  it("keeps the flags of both in front of what they run", () => {
    const first = makeLayer({ line: 2, instruction: "RUN --mount=type=ssh make" });
    const later = makeLayer({
      line: 3,
      instruction: "RUN --mount=type=ssh --mount=type=secret,id=a rm -r /src",
    });
    expect(adviceOf({ rule: "deleted-later" }, [makeBaseLayer(), first, later])).toMatchObject([
      { instead: "RUN --mount=type=ssh --mount=type=secret,id=a make && rm -r /src" },
    ]);
  });

  it("joins no RUNs of which one may do less than the other", () => {
    const first = makeLayer({ line: 2, instruction: "RUN curl -O https://example.com/x" });
    const later = makeLayer({ line: 3, instruction: "RUN --network=none rm x" });
    expect(adviceOf({ rule: "deleted-later" }, [makeBaseLayer(), first, later])).toMatchObject([
      { instead: "Do in line 2 what line 3 does." },
    ]);
  });

  it("joins no RUNs with something between them, nor one that a comment ends", () => {
    const first = makeLayer({ line: 1, instruction: "RUN make" });
    const later = makeLayer({ line: 3, instruction: "RUN rm -r /src" });
    const rule = "deleted-later";
    expect(adviceOf({ rule }, [makeBaseLayer(), first, later])).toMatchObject([
      {
        instead:
          "Do in an earlier stage what lines 1 to 3 do, and take from there what is needed, with `COPY --from=…`.",
      },
    ]);
    const commented = makeLayer({ line: 2, instruction: "RUN make # all of it" });
    expect(adviceOf({ rule }, [makeBaseLayer(), commented, later])).toMatchObject([
      { instead: "Do in line 2 what line 3 does." },
    ]);
  });
});

describe("two lines as one", () => {
  const joined = async (first: string, later: string, shell = "") => {
    const text = `FROM busybox\n${shell}\nRUN ${first}\nRUN ${later}\n`;
    return (await only(text, { rule: "deleted-later", lines: [3, 4] })).instead;
  };
  const told = "Do in line 3 what line 4 does.";

  it.each([
    ["make", "rm -r build", "RUN make && rm -r build"],
    ["make;", "rm -r build", "RUN make && rm -r build"],
    ["A=1 make -C /src && ./test", "rm -r a b", "RUN A=1 make -C /src && ./test && rm -r a b"],
    ["sh -c 'a; b'", "rm a", "RUN sh -c 'a; b' && rm a"],
    ["make 2>&1 | tee log", "rm log", "RUN make 2>&1 | tee log && rm log"],
  ])("do what each of them did: %j, %j", async (first, later, instead) => {
    expect(await joined(first, later)).toBe(instead);
  });

  it.each([
    ["set -eux; cd /src; make", "rm -r build"],
    ["cd /src && make", "rm -r build"],
    ["export A=1 && make", "rm -r build"],
    ["A=1", "rm -r build"],
    ["set -u && make", "rm -r $BUILD"],
    ["set -f && make", "rm -r *"],
    ["shopt -s extglob && make", "rm -r build"],
    ["rm() { true; }; make", "rm -r build"],
    ["for a in b c; do make $a; done", "rm -r build"],
    ["while false; do make; done", "rm -r build"],
    ["if make; then true; fi", "rm -r build"],
    ["{ make; true; }", "rm -r build"],
    ["case a in b) make;; esac", "rm -r build"],
    ["(make)", "rm -r build"],
    ["make || true", "rm -r build"],
    ["make", "rm -r build || true"],
    ["make", "rm a; rm b"],
    ["make &", "rm a"],
    ["! make", "rm a"],
    ["echo $(make)", "rm a"],
    ["$MAKE", "rm a"],
    ["make # all of it", "rm -r build"],
    ['["make"]', "rm -r build"],
  ])("are not written where a shell would understand them otherwise: %j", async (first, later) => {
    expect(await joined(first, later)).toBe(told);
  });

  it("take what is run between them with them", async () => {
    const between = async (...lines: readonly string[]) => {
      const text = ["FROM debian", ...lines, "RUN rm -r /lists"].join("\n");
      const saving = { rule: "deleted-later", lines: [2, lines.length + 2] } as const;
      const { message, instead } = await only(text, saving);
      return [message.split(". ").at(-1), instead];
    };
    expect(await between("RUN apt-get update", "RUN apt-get install -y curl")).toEqual([
      "One line can do what lines 2, 3 and 4 do.",
      "RUN apt-get update && apt-get install -y curl && rm -r /lists",
    ]);
    const carried = "but that layer still carries it.";
    expect(await between("RUN apt-get update", "RUN if true; then make; fi")).toEqual([
      expect.stringContaining(carried),
      "Do in one line what lines 2, 3 and 4 do.",
    ]);
    expect(await between("RUN apt-get update", "ENV A=b", "RUN make")).toEqual([
      "One line can do what lines 2, 4 and 5 do, behind line 3.",
      "RUN apt-get update && make && rm -r /lists",
    ]);
    expect(await between("RUN apt-get update", "USER me", "RUN make")).toEqual([
      expect.stringContaining(carried),
      "Do in an earlier stage what lines 2 to 5 do, and take from there what is needed, with `COPY --from=…`.",
    ]);
  });

  it("have no variable put before them that another shell would not know", async () => {
    const text = 'FROM python\nSHELL ["powershell"]\nRUN python a.py\nRUN python b.py\n';
    expect((await only(text, { rule: "compiled-cache", lines: [3, 4] })).instead).toBe(
      "Write `ENV PYTHONDONTWRITEBYTECODE=1` before line 4.",
    );
  });

  it.each([
    'SHELL ["powershell", "-Command"]',
    'SHELL ["/bin/fish", "-c"]',
    'SHELL ["/opt/bash", "-c"]',
    'SHELL ["/bin/bash", "-c", "echo"]',
    'SHELL ["/bin/bash", "/run.sh", "-c"]',
    'SHELL ["/bin/bash"]',
  ])("are not written for another shell: %j", async (shell) => {
    expect(await joined("make", "rm a", shell)).toBe(told);
  });

  it.each([
    'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]',
    'SHELL ["/bin/bash", "-o", "pipefail", "-ec"]',
    'SHELL ["sh","-exc"]',
  ])("are written for a shell that reads them alike: %j", async (shell) => {
    expect(await joined("make", "rm a", shell)).toBe("RUN make && rm a");
  });
});

describe("a line that changes owners of what another has written", () => {
  const changed = async (later: string, between = "COPY b /app/b") => {
    const text = `FROM busybox\nRUN make\n${between}\nRUN ${later}\n`;
    return (await only(text, { ...CHOWNED, lines: [2, 4], paths: ["/app/a/x", "/app/a/y"] }))
      .instead;
  };

  it("can do so there, whatever is copied between, to what is sure to be there", async () => {
    expect(await changed("chown -R 7:7 /app")).toBe("RUN make && chown -R 7:7 /app");
    const text = "FROM busybox\nRUN make\nCOPY b /app/b\nRUN chown -R 7:7 /app\n";
    const { message } = await only(text, { ...CHOWNED, lines: [2, 4] });
    expect(message).toMatch(/ Line 2 can do that itself, and line 4 be dropped\.$/);
  });

  it.each([
    ["chown -R 7:7 /app /data", "COPY b /app/b"],
    ["chown -R 7:7 app", "COPY b /app/b"],
    ["cd / && chown -R 7:7 /app", "COPY b /app/b"],
    ["chown -R 7:7 /app && make", "COPY b /app/b"],
    ["chown -R 7:7 /app", "USER root"],
    ["chown -R app:app /app", "RUN addgroup app; adduser -D app"],
    ["chown -R app:app /app", "COPY rootfs/ /"],
    ["chown -R 7:7 /app", 'SHELL ["/bin/sh", "-ec"]'],
  ])("can do so by number where more may be needed for it: %j after %j", async (later, between) => {
    expect(await changed(later, between)).toBe(
      "Let line 2, before it ends, give what it writes to `7:7`, by number.",
    );
  });
});
