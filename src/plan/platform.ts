// Platforms as containerd writes and reads them. https://pkg.go.dev/github.com/containerd/platforms

/** What an image runs on. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

const SYSTEMS =
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos";
const ARCHITECTURES =
  "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm";

/**
 * Reads `os`, `architecture`, `os/architecture` or `os/architecture/variant`, in the spellings that
 * are about; undefined when it is none. A part that is left out is that of `machine`.
 */
export function parsePlatform(text: string, machine: Platform): Platform | undefined {
  const [first = "", second, third, ...more] = text.split("/");
  const system = /^([A-Za-z0-9_-]+)(?:\([A-Za-z0-9_.%+-]*\))?$/.exec(first)?.[1];
  const rest = [second, third].filter((part) => part !== undefined);
  if (system === undefined || more.length > 0) return undefined;
  if (!rest.every((part) => /^[A-Za-z0-9_.-]+$/.test(part))) return undefined;
  const os = normalSystem(system);
  if (second !== undefined) return normalPlatform(os, second, third ?? "");
  if (SYSTEMS.split(" ").includes(os)) return { ...machine, os };
  const platform = normalPlatform(machine.os, first, "");
  return ARCHITECTURES.split(" ").includes(platform.architecture) ? platform : undefined;
}

/** `os/architecture`, and the variant where there is one. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== "").join("/");
}

function normalSystem(os: string): string {
  const lower = os.toLowerCase();
  return lower === "macos" ? "darwin" : lower;
}

function normalPlatform(os: string, architecture: string, variant: string): Platform {
  return { os, ...normalArchitecture(architecture.toLowerCase(), variant.toLowerCase()) };
}

function normalArchitecture(architecture: string, variant: string): Omit<Platform, "os"> {
  switch (architecture) {
    case "i386":
      return { architecture: "386", variant: "" };
    case "x86_64":
    case "x86-64":
    case "amd64":
      return { architecture: "amd64", variant: variant === "v1" ? "" : variant };
    case "aarch64":
    case "arm64":
      return { architecture: "arm64", variant: arm64Variant(variant) };
    case "armhf":
      return { architecture: "arm", variant: "v7" };
    case "armel":
      return { architecture: "arm", variant: "v6" };
    case "arm":
      return {
        architecture: "arm",
        variant: /^[5678]$/.test(variant) ? `v${variant}` : variant || "v7",
      };
    default:
      return { architecture, variant };
  }
}

function arm64Variant(variant: string): string {
  if (["8", "v8", "v8.0"].includes(variant)) return "";
  return ["9", "9.0", "v9.0"].includes(variant) ? "v9" : variant;
}
