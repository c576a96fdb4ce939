import { describe, expect, it } from "vitest";
import { makeBaseLayer, makeLayer } from "../make.ts";
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
