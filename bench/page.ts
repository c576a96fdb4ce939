import type { EngineName } from "./course.ts";
import type { Measurement } from "./results.ts";
import { renderTable } from "./table.ts";

const ENGINE_WORDS: Readonly<Record<EngineName, string>> = {
  containerd: "Docker's own builder, containerd image store",
  graph: "Docker's own builder, graph image store",
  builder: "a docker-container builder",
  ci: "a runner that is new for every run, graph image store",
};

const INTRODUCTION = `# What it costs

Made by \`npm run bench\`; not to be edited. [results.json](results.json) has every single run.

Three ways from the six stages of [examples/trading-app](../examples/trading-app) to what is known
of them, measured in turn on one machine:

- **ours**: the whole action, bundled, as a runner runs it for a pull request: it builds, weighs,
  lints, scans, judges, comments, uploads SARIF and writes the summary, its post step included.
  GitHub is a stand-in on the same machine that processes an upload at once.
- **composed**: what a workflow is composed of today: \`docker buildx build --load\` for each stage,
  \`hadolint\`, \`trivy image\` twice for each stage (a table, SARIF), \`docker history\` for each stage.
- **floor**: the least that the same programs can do: one bare \`docker buildx bake\`, the images
  exported in turn into one OCI layout, scanned in turn from there, and \`hadolint\`. No report.

Each in three states:

- **nothing cached**: no step of the Dockerfile was ever built, no state, no cache of Trivy's, no
  database. The base image is in the engine. What the steps download comes from the package
  registries, so this state depends on the network.
- **build cached, scan cold**: as on a runner whose build cache was restored. The builder has every
  step and Trivy has its database; layout, state, loaded images and Trivy's findings are gone.
- **everything cached**: the same once more.

And in two more as on GitHub's own runner, which is new for every run and whose engine has the older
image store, as on ubuntu-24.04:

- **new runner, no cache**: nothing is left of an earlier run.
- **new runner, GitHub's cache warm**: Trivy has its database, and an earlier run has written the
  build's steps to GitHub's cache (a stand-in on the same machine, so that the network is nobody's):
  ours by itself, composed with \`--cache-from\` and \`--cache-to type=gha,mode=max\` and a scope for
  each stage. Both make a builder first that can, and remove it; that, and writing the cache again, is
  part of the time. The floor has none of that.

Every number is the minimum over the rounds; ways take turns at going first. *Time* is wall time of
the whole. *CPU* is user and system time of the programs that a way runs (Node, Docker's client,
Trivy, Hadolint), and *peak memory* the sum of their resident sets, sampled every 0.1 s: what
Docker's daemon and the builder do for them is in the wall time alone. *Kept on disk* is what stays
outside of the engine's store: layout, state and Trivy's cache; composed keeps its images in that
store instead.

The aims: no slower than the floor, since work of our own overlaps with that of the programs, and so
about 0.4 of composed with the scan cold and 0.25 with everything cached. The last column says how
far those can be reached: it is what the bare programs need of composed, with nothing of ours. With
the scan cold nearly all of it is Trivy, two thirds of that its search for secrets, which no order of
ours makes less. With everything cached it is buildx: to be told that six stages are cached takes it
over a second. The graph store keeps no compressed layers: the floor's images leave it as they are,
while ours are compressed by the engine on their way, as for a registry, since otherwise nobody knows
what a pull downloads. That is what the scan waits for there.
`;

/** The page of results: how it was measured, and a table an engine. */
export function renderPage(measurements: readonly Measurement[]): string {
  return [INTRODUCTION, ...measurements.map(renderSection)].join("\n");
}

function renderSection(measurement: Measurement): string {
  const { engine, date, machine, rounds, runs } = measurement;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const loads = runs.map(({ load }) => load);
  const facts = [
    `${date.slice(0, 10)}`,
    `${rounds} ${rounds === 1 ? "round" : "rounds"}`,
    `${machine.cores} cores (${machine.processor})`,
    `${(machine.memoryBytes / 1e9).toFixed(0)} GB of memory`,
    `load average ${machine.load.toFixed(1)} before the first run, at most ${Math.max(...loads).toFixed(1)} before any`,
    versions.join(", "),
  ];
  return `## With ${ENGINE_WORDS[engine]}\n\n${renderTable(measurement)}\n\n${facts.join("; ")}.\n`;
}
