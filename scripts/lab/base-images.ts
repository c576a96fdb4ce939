// What the examples and scenarios start from: small images made of Debian's packages, under the
// names that the official ones have on Docker Hub.

import { mkdir } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import { debianIngredients, makeDebianRoot } from "./debian-root.ts";
import { ensureImage, type Image, type Workshop } from "./image.ts";
import { CERTIFICATES, hasCertificates, type Overlay } from "./machine-settings.ts";
import { run, which } from "./shell.ts";

/** Makes the base images that the registry does not have. Returns what `FROM` may name. */
export async function ensureBaseImages(
  workshop: Workshop,
  overlay: Overlay,
): Promise<readonly string[]> {
  const debian = debianImage(overlay);
  const images = [
    BUSYBOX,
    debian,
    pythonImage(debian),
    nodeImage(debian, overlay),
    nginxImage(debian),
  ];
  await ensureImage(workshop, BUSYBOX);
  await ensureImage(workshop, debian);
  await Promise.all(images.map((image) => ensureImage(workshop, image)));
  return images.flatMap(({ repository, tags }) =>
    tags.map((tag) => `${repository.replace("library/", "")}:${tag}`),
  );
}

const BUSYBOX: Image = {
  repository: "library/busybox",
  tags: ["1.35", "latest"],
  recipe: "busybox",
  ingredients: [],
  gather: makeBusyboxRoot,
};

/** Debian 12, which all others but busybox start from. */
export function debianImage(overlay: Overlay): Image {
  return {
    repository: "library/debian",
    tags: ["bookworm-slim"],
    recipe: "debian",
    ingredients: debianIngredients(overlay),
    gather: (context, place) => makeDebianRoot(context, place, overlay),
  };
}

function pythonImage(base: Image): Image {
  return {
    repository: "library/python",
    tags: ["3.11-slim-bookworm", "3.11-slim"],
    recipe: "python",
    base,
    ingredients: [],
    gather: async () => {},
  };
}

/** From the npm registry: a Node 22, and the npm that belongs to it. */
const NODE_PACKAGES = { runtime: `node-linux-${arch()}@22.23.3`, npm: "npm@10.9.9" };

function nodeImage(base: Image, overlay: Overlay): Image {
  // Node reads certificates besides its own only when it is told to.
  const trust = hasCertificates(overlay) ? [`ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}\n`] : [];
  return {
    repository: "library/node",
    tags: ["22-bookworm-slim", "22-slim"],
    recipe: "node",
    extraLines: trust,
    base,
    ingredients: Object.values(NODE_PACKAGES),
    gather: unpackNode,
  };
}

function nginxImage(base: Image): Image {
  return {
    repository: "library/nginx",
    tags: ["stable-bookworm", "1.22-slim"],
    recipe: "nginx",
    base,
    ingredients: [],
    gather: async () => {},
  };
}

/** The one program under all its names, as hard links. */
async function makeBusyboxRoot(context: string): Promise<void> {
  const root = join(context, "root");
  for (const folder of ["bin", "etc", "root", "tmp", "var"]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  const busybox = (await which("busybox")) ?? "busybox";
  await run("cp", [busybox, join(root, "bin", "busybox")]);
  await run(busybox, ["--install", join(root, "bin")]);
  const owner = ["--owner=0", "--group=0", "--numeric-owner", "--sort=name"];
  await run("tar", ["--create", "--file", join(context, "root.tar"), ...owner, "-C", root, "."]);
}

async function unpackNode(context: string): Promise<void> {
  for (const [folder, name] of Object.entries(NODE_PACKAGES)) {
    const archive = await run("npm", ["pack", "--silent", name], { cwd: context });
    const into = join(context, folder);
    await mkdir(into);
    const unpack = ["--extract", "--file", join(context, archive), "--strip-components=1"];
    await run("tar", [...unpack, "--directory", into]);
  }
}
