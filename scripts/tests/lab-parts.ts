import { ensureLab, type Lab, type Part } from "../lab/lab.ts";

/** JSON of the whole lab: looking at each part anew takes a second, which a hundred test files would pay. */
const VARIABLE = "WEIGHBRIDGE_LAB";

/** What tells test files of a lab that is there. */
export function labVariables(lab: Lab): Readonly<Record<string, string>> {
  return { [VARIABLE]: JSON.stringify(lab) };
}

/** Parts of the lab for a test: of the one that its run is told of, else made where they are not there. */
export async function labParts<P extends Part>(parts: readonly P[]): Promise<Pick<Lab, P>> {
  const known = process.env[VARIABLE];
  return known === undefined ? await ensureLab(parts) : JSON.parse(known);
}
