// Where the makers of Trivy and Hadolint put the files of a release, and what they call them.

/** The programs that weighbridge does not bring along itself. */
export type ToolName = "trivy" | "hadolint";

/** A file on a release page. */
export interface ReleaseFile {
  readonly name: string;
  /** Where it is below `https://github.com`, its name included. */
  readonly path: string;
  /** The program itself, or an archive with a program of the tool's name in its root. */
  readonly kind: "program" | "tar.gz";
}

/**
 * The file of a release for a machine. Undefined where there is none.
 * @param version such as `0.73.0`
 * @param machine Node's `process.platform` and `process.arch`, such as `linux-x64`
 */
export function releaseFile(
  tool: ToolName,
  version: string,
  machine: string,
): ReleaseFile | undefined {
  switch (tool) {
    case "trivy":
      return trivyFile(version, TRIVY_MACHINES[machine]);
    case "hadolint":
      return hadolintFile(version, hadolintMachines(version)[machine]);
  }
}

/** Those that a version has a file for, as `releaseFile` takes them. */
export function releaseMachines(tool: ToolName, version: string): readonly string[] {
  return Object.keys(tool === "trivy" ? TRIVY_MACHINES : hadolintMachines(version));
}

type Machines = Readonly<Record<string, string>>;

/** https://github.com/aquasecurity/trivy/blob/main/goreleaser.yml */
const TRIVY_MACHINES: Machines = {
  "linux-x64": "Linux-64bit",
  "linux-arm64": "Linux-ARM64",
  "darwin-x64": "macOS-64bit",
  "darwin-arm64": "macOS-ARM64",
};

function trivyFile(version: string, machine: string | undefined): ReleaseFile | undefined {
  if (machine === undefined) return undefined;
  const name = `trivy_${version}_${machine}.tar.gz`;
  const path = `aquasecurity/trivy/releases/download/v${version}/${name}`;
  return { name, path, kind: "tar.gz" };
}

/** Files have other names since 2.13: https://github.com/hadolint/hadolint/issues/1120 */
function hadolintMachines(version: string): Machines {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 2 || (major === 2 && minor >= 13) ? HADOLINT_MACHINES : OLD_HADOLINT_MACHINES;
}

const HADOLINT_MACHINES: Machines = {
  "linux-x64": "linux-x86_64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "macos-x86_64",
  "darwin-arm64": "macos-arm64",
};

const OLD_HADOLINT_MACHINES: Machines = {
  "linux-x64": "Linux-x86_64",
  "linux-arm64": "Linux-arm64",
  "darwin-x64": "Darwin-x86_64",
};

function hadolintFile(version: string, machine: string | undefined): ReleaseFile | undefined {
  if (machine === undefined) return undefined;
  const name = `hadolint-${machine}`;
  const path = `hadolint/hadolint/releases/download/v${version}/${name}`;
  return { name, path, kind: "program" };
}
