// The text of `weighbridge inspect --help`.
import { optionSection } from "./help.ts";
import { INSPECT_OPTIONS } from "./inspect-options.ts";

/** How `inspect` is used, in lines of at most 80 characters. */
export function renderInspectHelp(): string {
  return [OPENING, optionSection("Options", INSPECT_OPTIONS), CLOSING].join("\n\n");
}

const OPENING = `weighbridge inspect tells what an image is made of: every layer with what it
added, changed and removed, what is largest, which packages there are, and the
bytes that no container can see, with the layers that wrote and that hid them.

Usage: weighbridge inspect [options] IMAGE

IMAGE is one of:
  DIR, DIR:NAME, DIR@sha256:...
        A folder that is an OCI image layout; which of its images, if there are
        several.
  FILE.tar, FILE.tar:NAME, FILE.tar@sha256:...
        An archive: an OCI layout, or what docker save wrote. It may be packed
        with gzip or zstd.
  docker://IMAGE
        An image of the engine that docker talks to, by name or ID.
  registry://IMAGE
        An image of a registry, read with the credentials that docker login has
        kept. Its layers are read as they arrive; nothing of them is stored.
        Over HTTP only on this machine.

  weighbridge inspect docker://my-app
        Where its bytes are.
  weighbridge inspect docker://my-app --path /usr/lib
        What is in a folder.
  weighbridge inspect docker://my-app --layer 3
        What one layer added, changed and removed.
  weighbridge inspect registry://nginx:stable --tree --top 60
        A tree of what is largest.
  weighbridge inspect out.tar --file Dockerfile
        With the lines of its Dockerfile, and what to write instead.
  weighbridge inspect out.tar --format json
        All of it, for programs.`;

const CLOSING = `Layers count from 0, the lowest first. Without a Dockerfile they are told by
what the image's history says made them. History can show build arguments, in
JSON all of them: look at it before you pass it on.

Exit code: 0 the image was read; 2 something that was asked for is wrong, and
nothing was inspected; 3 the image is damaged or cut off, or a registry or the
engine failed.`;
