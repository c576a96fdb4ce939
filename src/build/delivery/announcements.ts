import type { Stage } from "../../model/plan.ts";
import type { Layout } from "../../state/layout.ts";

/** Called when a stage's image is whole in the layout and listed by its `index.json`. */
export type OnImage = (stage: Stage, digest: string) => void;

/** Lists images in the layout and passes them on, one after another. */
export class Announcements {
  readonly #layout: Layout;
  readonly #onImage: OnImage;
  readonly #announced = new Map<Stage, string>();
  #last: Promise<void> = Promise.resolve();

  constructor(layout: Layout, onImage: OnImage) {
    this.#layout = layout;
    this.#onImage = onImage;
  }

  /** Each image once, unless the stage was built again and came out different. */
  add(stage: Stage, digest: string): void {
    if (this.#announced.get(stage) === digest) return;
    this.#announced.set(stage, digest);
    this.#last = this.#last.then(async () => {
      await this.#layout.addImage(digest, `${stage.image}/${stage.name}`);
      await this.#layout.save();
      this.#onImage(stage, digest);
    });
    // Whoever waits for the announcements is told; until then nobody listens.
    this.#last.catch(() => {});
  }

  /** Kept when all have been made. Throws what kept one from being made. */
  async done(): Promise<void> {
    await this.#last;
  }
}
