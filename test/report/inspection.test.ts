import { stripVTControlCharacters } from "node:util";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Inspection } from "../../src/model/inspection.ts";
import { renderInspectionJson } from "../../src/report/inspection-json.ts";
import { renderInspection } from "../../src/report/terminal/inspection.ts";
import { anyEntries } from "../inspect/any-entries.ts";
import { packedLayer, plainLayer } from "../inspect/crafted-layout.ts";
import { file, folder, hardlink, symlink, whiteout } from "../inspect/entries.ts";
import { inspectCrafted } from "../inspect/inspect-crafted.ts";
import { makeInstruction, makePlannedImage, makeStage } from "../make.ts";
import { hostileText } from "./hostile.ts";
import { inspectSchemaErrors } from "./inspect-schema.ts";

const image = {
  layers: [
    packedLayer(gzipSync, file("usr/lib/libc.so", 40_000), file("usr/bin/sh", 9_000)),
    packedLayer(gzipSync, file("app/main.js", 30_000), file("app/readme", 2_000)),
    packedLayer(gzipSync, { ...file("app/main.js", 30_000), mode: 0o755 }, whiteout("app/readme")),
  ],
  history: [
    { created_by: "/bin/sh -c #(nop) ADD file:1 in / " },
    { created_by: "COPY . /app # buildkit" },
    { created_by: "RUN /bin/sh -c chmod +x /app/main.js; rm /app/readme # buildkit" },
  ],
};

function plain(inspection: Inspection, top = 12): string {
  return renderInspection(inspection, { color: false, top });
}

function schemaErrors(inspection: Inspection): readonly string[] {
  return inspectSchemaErrors(JSON.parse(renderInspectionJson(inspection)));
}

describe("an inspection in the terminal", () => {
  it("says all there is to say in tables", async () => {
    const text = plain(await inspectCrafted({ image }));
    expect(
      text.replace(/sha256:\w+/, "sha256:…").replace(/[\d.]+ (k?B) to/, "N $1 to"),
    ).toMatchInlineSnapshot(`
      "docker://shop  linux/amd64, 3 layers, sha256:…
      111 kB unpacked, N kB to download; a container sees 79 kB (71.2%), 32 kB (28.8%) wasted

      Layers
           unpacked  download  wasted  added  changed  removed  made by
        0     49 kB     211 B              5                    ADD file:1 in /
        1     32 kB     177 B   32 kB      3                    COPY . /app
        2     30 kB     170 B                       1        1  RUN chmod +x /app/main.js; rm /app/readme

      Biggest folders, with the layer that brought most
        bytes  layer
        40 kB      0  /usr/lib/
        30 kB      2  /app/
         9 kB      0  /usr/bin/

      Biggest files
        bytes  layer
        40 kB      0  /usr/lib/libc.so
        30 kB      2  /app/main.js
         9 kB      0  /usr/bin/sh

      Wasted: 32 kB
        bytes  files  how                     written by layer  hidden by layer
        30 kB      1  same content rewritten  1 COPY . /app     2 RUN chmod +x /app/main.js; rm /app/readme
         2 kB      1  deleted                 1 COPY . /app     2 RUN chmod +x /app/main.js; rm /app/readme

        bytes  how                     layers
        30 kB  same content rewritten  1 → 2   /app/main.js
         2 kB  deleted                 1 → 2   /app/readme
      "
    `);
  });

  it("tells the packages, the largest first", async () => {
    const status = [
      "Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\n",
      "Package: bash\nStatus: install ok installed\nVersion: 5.2\n",
    ].join("\n");
    const layer = plainLayer(
      { path: "var/lib/dpkg/status", content: status },
      { path: "var/lib/dpkg/info/libc6.list", content: "/usr/lib/libc.so\n" },
      { path: "var/lib/dpkg/info/bash.list", content: "/bin/bash\n" },
      file("usr/lib/libc.so", 40_000),
      file("bin/bash", 9_000),
    );
    const text = plain(await inspectCrafted({ image: { layers: [layer] } })).trimEnd();
    expect(text.split("\n\n").find((block) => block.startsWith("2 packages"))).toBe(
      [
        "2 packages, 49 kB",
        "  bytes  layer",
        "  40 kB      0  deb  libc6 2.36-9",
        "   9 kB      0  deb  bash 5.2",
      ].join("\n"),
    );
  });

  it("is no wider than the terminal, where that is wide enough for a table", async () => {
    const history = [...image.history.slice(0, 2), { created_by: `RUN ${"words ".repeat(20)}` }];
    const inspection = await inspectCrafted({ image: { ...image, history } });
    const text = renderInspection(inspection, { color: false, columns: 90, top: 12 });
    const tables = text.split("\n").slice(2);
    expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(90);
  });

  it("has as many rows as are wished", async () => {
    const text = plain(await inspectCrafted({ image, top: 1 }), 1);
    expect(text).not.toContain("/usr/bin/sh");
    expect(text).not.toContain("1 → 2   /app/readme");
    expect(text).toContain("\n  and 1 more row, 2 kB\n");
  });

  it("with a Dockerfile tells lines, its own words, and of the base image what that one's history says", async () => {
    const instructions = [
      makeInstruction({ keyword: "FROM", lines: { start: 1, end: 1 }, text: "FROM debian" }),
      makeInstruction({ keyword: "COPY", lines: { start: 2, end: 2 }, text: "COPY . $TO" }),
      makeInstruction({
        keyword: "RUN",
        lines: { start: 3, end: 3 },
        text: "RUN chmod +x /app/main.js; rm /app/readme",
      }),
    ];
    const stage = makeStage({ instructions });
    const from = { image: makePlannedImage({ stages: [stage] }), stage };
    const text = plain(await inspectCrafted({ image, from }));
    expect(text).toContain(" 3 layers, production of Dockerfile, sha256:");
    expect(text).toMatch(/^ +0 .* 1 {2}ADD file:1 in \/$/m);
    expect(text).toMatch(/^ +1 .* 2 {2}COPY \. \$TO$/m);
  });

  it("shows a tree of what there is", async () => {
    const text = plain(await inspectCrafted({ image, view: {} }));
    expect(text.split("\n\n")[1]).toMatchInlineSnapshot(`
      "What is in /
         live  wasted  layers
        79 kB   32 kB  0, 1, 2  /
        30 kB   32 kB  1, 2     ├─ app/
        30 kB   30 kB  1, 2     │  ├─ main.js
          0 B    2 kB  1        │  └─ readme
        49 kB          0        └─ usr/
        40 kB          0           ├─ lib/libc.so
         9 kB          0           └─ bin/sh
      "
    `);
  });

  it("shows what a layer did", async () => {
    const text = plain(await inspectCrafted({ image, view: { layer: 2 } }));
    expect(text.split("\n\n")[1]).toMatchInlineSnapshot(`
      "What layer 2 did: RUN chmod +x /app/main.js; rm /app/readme
        added  changed  removed
                 30 kB     2 kB  /
                 30 kB     2 kB  └─ app/
                 30 kB              ├─ main.js
                           2 kB     └─ readme
      "
    `);
  });

  it("shows folders and links, and says what is neither a folder nor a file", async () => {
    const layers = [
      plainLayer(folder("bin"), symlink("bin/vi", "vim"), { path: "dev/null", type: "3" }),
      plainLayer(folder("empty"), file("was", 7)),
      plainLayer(symlink("was", "empty")),
      plainLayer(file("tools/one", 3), hardlink("tools/two", "tools/one")),
      plainLayer(hardlink("tools/three", "tools/one")),
      plainLayer(whiteout("tools/three")),
    ];
    const view = async (path: string, layer?: number) => {
      const requested = {
        image: { layers },
        lookAt: path,
        view: { isDeep: false, ...(layer !== undefined && { layer }) },
      };
      return plain(await inspectCrafted(requested)).split("\n\n")[1];
    };
    expect(await view("/bin")).toMatch(/^What is in \/bin\n.*\n.*\/bin\n +0 B +└─ vi \(link\)\n$/);
    expect(await view("/empty")).toBe("What is in /empty\n  Nothing.\n");
    expect(await view("/bin/vi")).toBe("What is in /bin/vi\n  It is a symbolic link.\n");
    expect(await view("/dev/null")).toBe("What is in /dev/null\n  It is a device or a pipe.\n");
    expect(await view("/tools/two")).toBe(
      "What is in /tools/two\n  It is a hard link: the file and its bytes are told under /tools/one.\n",
    );
    expect(await view("/tools/three")).toBe(
      "What is in /tools/three\n  A hard link was here: the file and its bytes are told under another name.\n",
    );
    expect(await view("/was")).toMatch(
      /^What became of \/was\n +bytes +mode +owner\n +7 B +written by layer 1 +0644 +0:0 .* in layer 2\n {2}It is a symbolic link\.\n$/,
    );
    expect(await view("/", 1)).toMatch(/ +7 B +├─ was\n +0 B +└─ empty\/\n$/);
  });

  it("tells where a file is that lost a name to another one", async () => {
    const layers = [plainLayer(file("a", 3), hardlink("b", "a")), plainLayer(file("a", 5))];
    const text = plain(await inspectCrafted({ image: { layers }, lookAt: "/a", view: {} }));
    expect(text).toMatch(
      /What became of \/a\n +bytes +mode +owner\n +3 B +written by layer 0 +0644 +0:0 +since layer 1 only told under \/b\n +5 B +written by layer 1 +0644 +0:0 +is what a container sees\n/,
    );
  });

  it("has what is in no row of a layer's in the columns of the rows", async () => {
    const layer = plainLayer(file("a", 9_000), file("b", 5_000), file("c", 3_000));
    const inspection = await inspectCrafted({
      image: { layers: [layer] },
      view: { layer: 0, isDeep: false, top: 1 },
    });
    expect(plain(inspection).split("\n\n")[1]).toBe(
      [
        "What layer 0 did",
        "  added  changed  removed",
        "  17 kB                    /",
        "   9 kB                    ├─ a",
        "   8 kB                    └─ and 2 more",
        "",
      ].join("\n"),
    );
  });

  it("says that a layer did nothing", async () => {
    const layers = [...image.layers, plainLayer()];
    const text = plain(await inspectCrafted({ image: { layers }, view: { layer: 3 } }));
    expect(text).toContain("What layer 3 did\n  Nothing.\n");
  });

  it("of an empty image says that there is nothing", async () => {
    const text = plain(await inspectCrafted({ image: { layers: [] } }));
    expect(text).toMatch(
      /\n0 B unpacked, \d+ B to download; a container sees 0 B \(100%\), nothing is wasted\n$/,
    );
  });

  it("says the same in colour", async () => {
    const inspection = await inspectCrafted({ image, view: { layer: 2 } });
    const coloured = renderInspection(inspection, { color: true, top: 12 });
    expect(coloured).not.toBe(plain(inspection));
    expect(stripVTControlCharacters(coloured)).toBe(plain(inspection));
  });
});

describe("an inspection as JSON", () => {
  it.each([
    {},
    { view: {} },
    { view: { layer: 2 } },
    { isSaved: true },
    { from: { image: makePlannedImage(), stage: makeStage() } },
  ])("is as its schema says: %j", async (request) => {
    expect(schemaErrors(await inspectCrafted({ image, ...request }))).toEqual([]);
  });

  it("is so whatever is in the image", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntries, { maxLength: 3 }), fc.nat(3), async (layers, layer) => {
        const crafted = { layers: layers.map((entries) => plainLayer(...entries)) };
        const view = layer < layers.length ? { layer } : {};
        expect(schemaErrors(await inspectCrafted({ image: crafted, view }))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

it("shows nothing that steers a terminal, whatever the image says", async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, hostileText, async (path, history) => {
      const name = path.replaceAll("\0", "").slice(0, 20) || "x";
      const crafted = { layers: [plainLayer(file(name, 1))], history: [{ created_by: history }] };
      for (const view of [undefined, {}, { layer: 0 }]) {
        const inspection = await inspectCrafted({
          image: crafted,
          target: path,
          ...(view && { view }),
        });
        const shown = [plain(inspection), renderInspectionJson(inspection)].join("");
        expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }
    }),
    { numRuns: 50 },
  );
});
