// What `weighbridge inspect` finds out about one image.

import type { Advice, InstalledPackage, Layer, PathSize, Waste } from "./image.ts";

/** All that is told of an image. Its JSON form is a contract with a schema and a version. */
export interface Inspection {
  readonly version: 1;
  /** As it was typed. */
  readonly target: string;
  /** Of the manifest of its platform. */
  readonly digest: string;
  /** `os/arch[/variant]`. */
  readonly platform: string;
  /** Bytes of regular files over all layers: live and wasted, exactly. */
  readonly unpacked: number;
  /** Bytes of the layer blobs and the configuration. Absent: not known. */
  readonly download?: number;
  /** Bytes that a container can see. */
  readonly live: number;
  /** Bytes that it cannot. */
  readonly wasted: number;
  /** The share of unpacked that is live; 1 of an empty image. */
  readonly efficiency: number;
  /** Present where a Dockerfile was given. */
  readonly dockerfile?: GivenDockerfile;
  /** Lowest first. */
  readonly layers: readonly InspectedLayer[];
  /** Largest first. */
  readonly biggestFiles: readonly PlacedSize[];
  readonly biggestFolders: readonly PlacedSize[];
  /** The largest by path, largest first, then sums of the rest: together all that is wasted. */
  readonly waste: readonly Waste[];
  /** Largest first. */
  readonly packages: readonly PlacedPackage[];
  /** Largest first: together all that is unpacked. */
  readonly boxes: readonly PlacedBox[];
  /** What saves most first. Present where a Dockerfile was given; none where that does not fit. */
  readonly advice?: readonly Advice[];
  /** Present where a folder, a file or a layer was to be looked into. */
  readonly view?: TreeView;
  /** What the reader should know. One sentence each. */
  readonly notes: readonly string[];
}

/** What the user says that an image was built from. */
export interface GivenDockerfile {
  readonly path: string;
  readonly stage: string;
  /** Whether the image's history is that of the stage. */
  readonly fits: boolean;
}

/** One layer, and what it did to those below it. */
export interface InspectedLayer extends Omit<Layer, "origin"> {
  /** From 0, lowest first. */
  readonly layer: number;
  /** Known where a Dockerfile was given and fits the layer. */
  readonly origin?: Layer["origin"];
  /** Of its unpacked bytes, those that a container can see. */
  readonly live: number;
  readonly wasted: number;
  readonly added: Changed;
  readonly changed: Changed;
  readonly removed: Changed;
  /** What the image says made it. Hostile text; it can show build arguments. */
  readonly history?: string;
}

/** What a layer added, changed or removed. */
export interface Changed {
  readonly files: number;
  /** Folders, symbolic links and devices; a folder is changed by another mode or owner. */
  readonly others: number;
  /** That it brought; of what it removed, that it hid. */
  readonly bytes: number;
}

/** Something in an image, and the layer that brought most of it, from 0. */
export interface PlacedSize extends PathSize {
  readonly layer: number;
}

export interface PlacedPackage extends InstalledPackage {
  readonly layer: number;
}

/** What one layer brought of one package, or of a folder and of no package. */
export interface PlacedBox {
  readonly layer: number;
  readonly line?: number;
  readonly box: string;
  /** Live and dead. */
  readonly bytes: number;
}

/** What there is in a folder, or what a layer did in it; or what became of a file. */
export interface TreeView {
  readonly path: string;
  /** Only what this layer did. Absent: what all of them have come to. */
  readonly layer?: number;
  readonly root: TreeNode;
  /** Of a file: all that was ever written there, oldest first. */
  readonly versions?: readonly FileVersion[];
  /** The path is another name of a file, a hard link, whose bytes are told under this one. */
  readonly sameFileAs?: string;
}

/** Something that is shown in a view. */
export interface TreeNode {
  /** From the folder above; with a slash where folders that have just one thing in them are joined. */
  readonly name: string;
  /** `other`: a device or a pipe. Of what is gone, what it was. */
  readonly kind: "file" | "folder" | "symlink" | "other";
  /** Files there, itself or in it, those included that are gone. */
  readonly files: number;
  /**
   * Folders, symbolic links and devices there, itself and in it, that a container sees; in the view of
   * a layer, that it added, changed or removed.
   */
  readonly others: number;
  /** Bytes that a container can see, and that it cannot. In the view of a layer, that it brought. */
  readonly live: number;
  readonly wasted: number;
  /** In the view of a layer. */
  readonly added?: Changed;
  readonly changed?: Changed;
  readonly removed?: Changed;
  /** Layers that brought it, the largest share first. */
  readonly layers: readonly LayerShare[];
  /** Largest first. */
  readonly children: readonly TreeNode[];
  /** What is in it and not among the children. */
  readonly rest?: TreeRest;
}

/** Entries of a folder that are not shown one by one. */
export interface TreeRest {
  readonly entries: number;
  readonly live: number;
  readonly wasted: number;
  /** What makes them large: live and wasted; in the view of a layer, what it removed too. */
  readonly bytes: number;
}

export interface LayerShare {
  readonly layer: number;
  readonly bytes: number;
}

/** A file that was written to a path. */
export interface FileVersion {
  readonly layer: number;
  readonly bytes: number;
  /** Permissions, four octal digits. */
  readonly mode: string;
  /** `uid:gid`. */
  readonly owner: string;
  /** What became of it; absent while a container can see it. */
  readonly death?: { readonly layer: number; readonly kind: Waste["kind"] };
  /**
   * A layer put another file here; this one has other names left, and is told under that path. Hostile
   * text.
   */
  readonly elsewhere?: { readonly layer: number; readonly path: string };
}
