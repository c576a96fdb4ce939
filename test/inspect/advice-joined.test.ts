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
      "One line can do what lines 2, 4 and 5 do, before line 3.",
      "RUN apt-get update && export A=b && make && rm -r /lists",
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

describe("lines with something set between them", () => {
  const joined = async (set: string, later = "npm prune", shell = 'SHELL ["/bin/sh", "-c"]') => {
    const text = `FROM node\n${shell}\nRUN npm install\n${set}\nRUN ${later}\n`;
    return (await only(text, { rule: "deleted-later", lines: [3, 5] })).instead;
  };
  const apart =
    "Do in an earlier stage what lines 3 to 5 do, and take from there what is needed, with `COPY --from=…`.";

  it.each([
    ["ENV NODE_ENV=production", "export NODE_ENV=production"],
    ["ENV A=1 B=x/y:z", "export A=1 && export B=x/y:z"],
    ['ENV A="b c"', 'export A="b c"'],
    ["ENV PATH=/opt/bin:$PATH", 'export PATH="/opt/bin:$PATH"'],
    ['ENV PATH="/opt/bin:${PATH}:/opt/sbin"', 'export PATH="/opt/bin:${PATH}:/opt/sbin"'],
  ])("set it for those that stood behind it, and only for those: %s", async (set, exported) => {
    expect(await joined(set)).toBe(`RUN npm install && ${exported} && npm prune`);
  });

  it.each([
    "ENV NODE_ENV production",
    "ENV NODE_ENV=$MODE",
    "ENV A='b'",
    'ENV A="b$c"',
    "ENV A=b\\ c",
    "ENV A=1 B=~/c",
    "ENV IFS=x",
    "ENV BASH_ENV=/env",
    "ARG NODE_ENV=production",
    "ARG NODE_ENV",
    "USER node",
    "WORKDIR /app",
    'SHELL ["/bin/bash", "-c"]',
  ])("are left as two where a shell may not have the same set: %s", async (set) => {
    expect(await joined(set)).toBe(apart);
  });

  it("are left as two where a shell has settings of its own to begin with", async () => {
    const login = 'SHELL ["/bin/bash", "-lc"]';
    expect(await joined("ENV A=b", "npm prune", login)).toBe(apart);
    expect(await joined("ENV A=b", "rm -r a", login)).toBe("RUN npm install && rm -r a");
  });

  it("set nothing for a line that only deletes", async () => {
    for (const set of ["ENV A=b", "ENV A=$B", "ARG A"]) {
      expect(await joined(set, "rm -r /app/src")).toBe("RUN npm install && rm -r /app/src");
      const named = await joined(set, "rm -r $A");
      expect(named).toBe(set === "ENV A=b" ? "RUN npm install && export A=b && rm -r $A" : apart);
    }
  });

  it("set it where the first of them comes that may need it", async () => {
    const text =
      "FROM node\nRUN npm install\nENV A=b\nRUN rm -r x\nENV C=d\nRUN npm prune\nRUN rm -r y\n";
    expect(await only(text, { rule: "deleted-later", lines: [2, 7] })).toMatchObject({
      message: expect.stringMatching(/ what lines 2, 4, 6 and 7 do, before lines 3 and 5\.$/),
      instead: "RUN npm install && rm -r x && export A=b && export C=d && npm prune && rm -r y",
    });
  });
});

describe("lines with mounts", () => {
  const joined = async (first: string, later: string, folder = "/") => {
    const text = `FROM busybox\nWORKDIR ${folder}\nRUN ${first}\nRUN ${later}\n`;
    return (await only(text, { rule: "deleted-later", lines: [3, 4] })).instead;
  };
  const cache = "--mount=type=cache,target=/root/.cache";

  it.each([
    "rm -rf /root/.cache /big",
    "rm -rf /root",
    "rm -rf /root/.*",
    "rm -rf /root/.cache/*",
    "rm -rf $HOME",
    "rm -rf ~/.cache",
    "rm -rf root/.cache",
    "find / -name a -delete",
    "cp -r /root/.cache/a /a",
    "du -s /root",
  ])("are no one line where a mount would be in the way: %s", async (later) => {
    expect(await joined(`${cache} make`, later)).toBe(
      "Do in line 3 what line 4 does, but for what is mounted then at `/root/.cache`, which is neither deleted nor of the image.",
    );
  });

  it("are no one line where that would be run in what one of them mounts", async () => {
    const bind = "--mount=type=bind,target=/src make";
    expect(await joined(bind, "rm -r build", "/src")).toMatch(/^Do in line 3 .* at `\/src`,/);
    expect(await joined(bind, "rm -r build", "/app")).toBe(`RUN ${bind} && rm -r build`);
    const relative = "--mount=target=. make";
    expect(await joined(relative, "rm -r build")).toMatch(/^Do in line 3 .* at `\.`,/);
  });

  it.each(["rm -rf /big", "make -C /src", "rm -rf /root/.npm", "find /tmp -delete", "mv /big /"])(
    "are one line where no other has to do with what is mounted: %s",
    async (later) => {
      expect(await joined(`${cache} make`, later)).toBe(`RUN ${cache} make && ${later}`);
    },
  );

  it("are no one line where two of them are in one place", async () => {
    const bind = (source: string, target = "/m") =>
      `--mount=type=bind,source=${source},target=${target}`;
    const told = (place: string) =>
      `Do in line 3 what line 4 does. Both mount something at \`${place}\`: one of them has to mount it elsewhere then.`;
    expect(await joined(`${bind("a")} make`, `${bind("b")} rm /big`)).toBe(told("/m"));
    expect(await joined(`${bind("a")} make`, `${bind("b", "/m/b")} rm /big`)).toBe(told("/m/b"));
    expect(await joined(`${bind("a")} ls /m`, `${bind("a")} ls /m`)).toBe(
      `RUN ${bind("a")} ls /m && ls /m`,
    );
    expect(await joined(`${bind("a")} make`, `${bind("b", "/n")} rm /big`)).toBe(
      `RUN ${bind("a")} ${bind("b", "/n")} make && rm /big`,
    );
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
    ["chown -R 7:7 /app", "WORKDIR /app"],
    ["chown -R app:app /app", "RUN addgroup app; adduser -D app"],
    ["chown -R app:app /app", "COPY rootfs/ /"],
    ["chown -R 7:7 /app", 'SHELL ["/bin/sh", "-ec"]'],
  ])("can do so by number where more may be needed for it: %j after %j", async (later, between) => {
    expect(await changed(later, between)).toBe(
      "Let line 2, before it ends, give what it writes to `7:7`, by number.",
    );
  });
});
