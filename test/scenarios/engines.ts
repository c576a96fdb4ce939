// The lab's parts as a scenario uses them.

import { labParts } from "../../scripts/tests/lab-parts.ts";

/** The engines that every scenario has to hold on. */
export const ENGINES = ["containerd", "graph", "builder"] as const;
export type EngineName = (typeof ENGINES)[number];

/** What a scenario is run on that names none: `WEIGHBRIDGE_ENGINE` tries them all on another. */
export const USUAL_ENGINE = usualEngine(process.env.WEIGHBRIDGE_ENGINE);

export const lab = await labParts([
  "containerd",
  "graph",
  "registry",
  "images",
  "builder",
  "tools",
  "database",
]);

function usualEngine(wanted = "containerd"): EngineName {
  const engine = ENGINES.find((name) => name === wanted);
  if (engine === undefined) throw new Error(`WEIGHBRIDGE_ENGINE: one of ${ENGINES.join(", ")}`);
  return engine;
}

/** What the lab cannot do without: Docker Hub's image of BuildKit by its digest is out of reach. */
export const BUILDKIT = { "buildkit-image": "moby/buildkit:buildx-stable-1" } as const;

/** Variables that choose an engine of the lab. */
export function engineEnvironment(engine: EngineName): Readonly<Record<string, string>> {
  return engine === "builder" ? lab.builder.environment : lab[engine].environment;
}

/** The inputs that name the lab's parts. */
export function labInputs(engine: EngineName): Readonly<Record<string, string>> {
  return {
    "trivy-path": lab.tools.trivy,
    "hadolint-path": lab.tools.hadolint,
    "trivy-db-repository": lab.database.repository,
    ...(engine === "builder" ? { builder: lab.builder.name } : {}),
  };
}
