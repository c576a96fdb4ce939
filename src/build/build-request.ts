import type { Host } from "../host/host.ts";
import type { BuildInputs } from "../model/inputs.ts";
import type { Plan } from "../model/plan.ts";
import type { Layout } from "../state/layout.ts";
import type { Builder } from "./builder/builder.ts";
import type { Caches } from "./cache/cache-places.ts";
import type { CacheHost } from "./cache/cache-solve.ts";
import type { CachePatience } from "./cache/cache-watch.ts";
import type { OnImage } from "./delivery/announcements.ts";

/** What is built, with what, and where the images go. */
export interface BuildRequest {
  readonly plan: Plan;
  readonly inputs: BuildInputs;
  readonly builder: Builder;
  /** Whether it has never built anything: what it need not run it then has from the caches. */
  readonly isBuilderNew: boolean;
  readonly caches: Caches;
  readonly layout: Layout;
  /**
   * Called as soon as a stage's image is whole in the layout and listed by its `index.json`; called
   * again in the rare case that the stage was built once more and came out different.
   */
  readonly onImage: OnImage;
  readonly patience?: CachePatience;
  /** Starts the builder anew, or throws. Undefined where it is not ours. */
  restartBuilder?(): Promise<void>;
  /** Another builder, should this one be stuck; none where none can be had. Undefined: none is wanted. */
  spareBuilder?(): Promise<Builder | undefined>;
}

/** What building needs of a host. */
export type BuildHost = CacheHost &
  Pick<Host, "kind" | "log" | "loopback" | "conceal" | "owner" | "signal">;
