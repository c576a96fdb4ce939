import type { ToolName } from "./releases.ts";

/**
 * Versions that carried malware: one was released, two were images only
 * (https://github.com/aquasecurity/trivy/security/advisories/GHSA-69fq-xp46-6x23, CVE-2026-33634).
 */
const VERSIONS: Readonly<Record<ToolName, ReadonlySet<string>>> = {
  trivy: new Set(["0.69.4", "0.69.5", "0.69.6"]),
  hadolint: new Set(),
};

/** The programs of Trivy's v0.69.4, from the advisory and from Wiz's list of indicators. */
const PROGRAMS: ReadonlySet<string> = new Set([
  "822dd269ec10459572dfaaefe163dae693c344249a0161953f0d5cdd110bd2a0", // Linux-64bit
  "e64e152afe2c722d750f10259626f357cdea40420c5eedae37969fbf13abbecf", // Linux-ARM64
  "bef7e2c5a92c4fa4af17791efc1e46311c0f304796f1172fce192f5efc40f5d7", // Linux-ARM
  "f7084b0229dce605ccc5506b14acd4d954a496da4b6134a294844ca8d601970d", // Linux-32bit
  "ecce7ae5ffc9f57bb70efd3ea136a2923f701334a8cd47d4fbf01a97fd22859c", // Linux-PPC64LE
  "d5edd791021b966fb6af0ace09319ace7b97d6642363ef27b3d5056ca654a94c", // Linux-s390x
  "e6310d8a003d7ac101a6b1cd39ff6c6a88ee454b767c1bdce143e04bc1113243", // macOS-64bit
  "6328a34b26a63423b555a61f89a6a0525a534e9c88584c815d937910f1ddd538", // macOS-ARM64
  "887e1f5b5b50162a60bd03b66269e0ae545d0aef0583c1c5b00972152ad7e073", // FreeBSD-64bit
  "0880819ef821cff918960a39c1c1aada55a5593c61c608ea9215da858a86e349", // Windows-64bit
]);

/** Whether a program with this SHA-256 is known malware. Asked before it is run. */
export function isCompromisedProgram(sha256: string): boolean {
  return PROGRAMS.has(sha256);
}

/** Whether this version of a tool carried malware. */
export function isCompromisedVersion(name: ToolName, version: string): boolean {
  return VERSIONS[name].has(version);
}
