// The proxies by which a builder of our own reaches the registries, as the engine does: buildx hands
// none to the builders that it makes. https://github.com/docker/buildx/issues/136

import { asRecord } from "../../foreign-json.ts";
import type { Host } from "../../host/host.ts";
import { quoted } from "../../inputs/wording.ts";
import { isElsewhere, readEngineInfo } from "./builder.ts";
import { mirrorsOf } from "./buildkitd-config.ts";

/** Variables for a builder, as programs in Go read them; or why it would reach nothing: one line. */
export type ProxySearch =
  | { readonly kind: "found"; readonly variables: ProxyVariables }
  | { readonly kind: "problem"; readonly what: string };

/** `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`: those that there are. */
export type ProxyVariables = Readonly<Record<string, string>>;

/**
 * Finds the engine's proxies. Where it has none, those of our own environment: GitHub's cache may only be
 * reached by them. What the engine then reaches without one is reached so by the builder too.
 * @param registries what the builder is going to reach
 */
export async function findProxies(
  host: Pick<Host, "exec" | "env">,
  registries: readonly string[],
): Promise<ProxySearch> {
  const info = await readEngineInfo(host);
  // Containers of Docker Desktop go by its own proxy as it is.
  if (String(info.OperatingSystem).includes("Docker Desktop")) return found({});
  const own = ownProxies(host.env);
  const { HttpProxy, HttpsProxy, NoProxy } = info;
  const engine = { HTTP_PROXY: textOf(HttpProxy), HTTPS_PROXY: textOf(HttpsProxy) };
  if (engine.HTTP_PROXY + engine.HTTPS_PROXY !== "") return ofEngine(engine, textOf(NoProxy), own);
  const { HTTP_PROXY = "", HTTPS_PROXY = "", NO_PROXY = "" } = own;
  // An engine elsewhere has another way out than we have.
  const hasNone = HTTP_PROXY + HTTPS_PROXY === "" || isElsewhere(host.env.DOCKER_HOST ?? "");
  if (hasNone) return found({});
  const mirrors = mirrorsOf(asRecord(info.RegistryConfig)).map(({ host }) => host);
  const direct = new Set([...NO_PROXY.split(","), ...registries, ...mirrors]);
  direct.delete("");
  return found({ HTTP_PROXY, HTTPS_PROXY, NO_PROXY: [...direct].join(",") });
}

/** Texts that must never be shown. */
export function proxySecrets(variables: ProxyVariables): readonly string[] {
  return Object.values(variables).flatMap((proxy) => {
    const [, credentials] = WITH_CREDENTIALS.exec(proxy) ?? [];
    if (credentials === undefined) return [];
    const [user = "", ...password] = credentials.split(":");
    if (password.length === 0 && user.length < SHORTEST_TOKEN) return [];
    const secret = password.length > 0 ? password.join(":") : user;
    return [credentials, secret, decoded(secret)];
  });
}

/** Characters of a user without a password: below, it is a name, which may be part of any text. */
const SHORTEST_TOKEN = 16;

/** The same for whoever may know where the proxies are, but not what opens them. */
export function withoutUsers(variables: ProxyVariables): ProxyVariables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, proxy]) => [name, withoutUser(proxy)]),
  );
}

/** `http://user:password@proxy.example:3128`; the first part may be missing. */
const WITH_CREDENTIALS = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/]*)@/i;

/** What the engine writes for credentials: https://github.com/moby/moby/blob/v28.5.1/daemon/info.go */
const CONCEALED = "xxxxx:xxxxx";

function ofEngine(engine: ProxyVariables, none: string, own: ProxyVariables): ProxySearch {
  const variables: Record<string, string> = { NO_PROXY: none };
  for (const [name, proxy] of Object.entries(engine)) {
    const isConcealed = WITH_CREDENTIALS.exec(proxy)?.[1] === CONCEALED;
    const opening = Object.values(own).filter((each) => WITH_CREDENTIALS.test(each));
    const known = opening.find((each) => withoutUser(each) === withoutUser(proxy));
    if (isConcealed && known === undefined) return unknownCredentials(proxy);
    variables[name] = isConcealed ? (known ?? "") : proxy;
  }
  return found(variables);
}

function unknownCredentials(proxy: string): ProxySearch {
  const what = `the engine reaches registries by ${quoted(withoutUser(proxy))}, with a password that it does not tell`;
  return { kind: "problem", what };
}

function found(variables: ProxyVariables): ProxySearch {
  const told = Object.entries(variables).filter(([, value]) => value !== "");
  return { kind: "found", variables: Object.fromEntries(told) };
}

/** Capitals first, as Go has it: https://pkg.go.dev/golang.org/x/net/http/httpproxy#FromEnvironment */
function ownProxies(env: Host["env"]): ProxyVariables {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
  return Object.fromEntries(
    names.map((name) => [name, env[name] || env[name.toLowerCase()] || ""]),
  );
}

function withoutUser(proxy: string): string {
  return proxy.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, "$1");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
