/**
 * What a linter or scanner gets of our environment: how to find programs and folders, to reach the
 * network, and Docker's credentials. Not the job's tokens, and nothing like `TRIVY_SEVERITY` that
 * would steer it behind the inputs' back.
 */
const KEPT: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "USERPROFILE",
  "SYSTEMROOT",
  "TMPDIR",
  "TEMP",
  "TMP",
  "LANG",
  "LC_ALL",
  "DOCKER_CONFIG",
  "REGISTRY_AUTH_FILE",
  "XDG_RUNTIME_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
]);

/** The environment of a linter or scanner. Proxies are written in both cases: both are kept. */
export function toolEnvironment(
  env: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name]) => KEPT.has(name.toUpperCase()));
  return { ...Object.fromEntries(kept), ...overrides };
}
