// The post step of the action: what its main step left behind because it was killed.

import { removeLeftovers } from "./host/leftovers.ts";
import { environmentOf } from "./host/machine.ts";

/** Ends the programs and removes the temporary folders of runs that are no more. */
export function cleanUp(): void {
  removeLeftovers(environmentOf(process.env));
}
