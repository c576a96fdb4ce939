// The credentials that `docker login` has kept: in its configuration file, or with a helper program
// that the file names. https://docs.docker.com/reference/cli/docker/login/#credential-stores

import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { asRecord } from "../foreign-json.ts";
import type { Host } from "../host/host.ts";

/** What is shown to a registry. */
export type Credentials =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  /** To be given for tokens: https://distribution.github.io/distribution/spec/auth/oauth/ */
  | { readonly kind: "refresh"; readonly token: string }
  /** To be shown as it is. */
  | { readonly kind: "bearer"; readonly token: string };

/** What was found, and why nothing was where something should have been. */
export interface FoundCredentials {
  readonly credentials?: Credentials;
  /** One sentence. */
  readonly trouble?: string;
}

type CredentialsHost = Pick<Host, "exec" | "env" | "mask"> & {
  readonly files: Pick<Host["files"], "readText" | "stat">;
};

/** Docker Hub goes by the address of a registry that is no more. */
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

/** Looks for the user's credentials for a registry, such as `docker.io` or `localhost:5000`. */
export async function findCredentials(
  host: CredentialsHost,
  registry: string,
): Promise<FoundCredentials> {
  const found = await lookUp(host, registry).catch((error: unknown) => ({
    trouble: `Docker's credentials cannot be used: ${messageOf(error)}`,
  }));
  if ("credentials" in found) host.mask(secretOf(found.credentials));
  return found;
}

function secretOf(credentials: Credentials): string {
  return credentials.kind === "password" ? credentials.password : credentials.token;
}

async function lookUp(host: CredentialsHost, registry: string): Promise<FoundCredentials> {
  const { DOCKER_CONFIG, HOME = "" } = host.env;
  const path = join(DOCKER_CONFIG || join(HOME, ".docker"), "config.json");
  if ((await host.files.stat(path)) === undefined) return {};
  const config = asRecord(JSON.parse(await host.files.readText(path)));
  const key = registry === "docker.io" ? DOCKER_HUB_KEY : registry;
  const helpers = asRecord(config.credHelpers);
  const helper = helpers[key] ?? helpers[registry] ?? config.credsStore;
  if (typeof helper === "string" && helper !== "") return await askHelper(host, helper, key);
  const entries = Object.entries(asRecord(config.auths));
  const [, entry] = entries.find(([name]) => hostOf(name) === hostOf(key)) ?? [];
  return readEntry(asRecord(entry));
}

/** `https://ghcr.io/v2/` is `ghcr.io`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
}

function readEntry(entry: Readonly<Record<string, unknown>>): FoundCredentials {
  const { auth, identitytoken: refresh, registrytoken: bearer } = entry;
  if (isText(bearer)) return { credentials: { kind: "bearer", token: bearer } };
  if (isText(refresh)) return { credentials: { kind: "refresh", token: refresh } };
  if (!isText(auth)) return {};
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return {};
  const username = text.slice(0, colon);
  const password = text.slice(colon + 1).replaceAll("\0", "");
  return { credentials: { kind: "password", username, password } };
}

/**
 * Asks a helper program as Docker does, over its standard input.
 * https://github.com/docker/docker-credential-helpers#development
 */
async function askHelper(
  { exec }: CredentialsHost,
  helper: string,
  key: string,
): Promise<FoundCredentials> {
  const program = `docker-credential-${helper}`;
  if (!/^[\w.-]+$/.test(helper)) return { trouble: `${program} is no name of a program.` };
  const { exitCode, stdout, stderr } = await exec(program, ["get"], {
    input: key,
    timeoutSeconds: HELPER_SECONDS,
  });
  if (exitCode === 0) return readHelperAnswer(stdout);
  if (/credentials not found/i.test(stdout)) return {};
  return { trouble: `${program} failed: ${(stdout.trim() || stderr.trim()).slice(0, 200)}` };
}

/** It may ask the user to unlock something. */
const HELPER_SECONDS = 60;

function readHelperAnswer(stdout: string): FoundCredentials {
  const { Username: username, Secret: secret } = asRecord(JSON.parse(stdout));
  if (!isText(secret)) return {};
  if (username === "<token>") return { credentials: { kind: "refresh", token: secret } };
  const name = isText(username) ? username : "";
  return { credentials: { kind: "password", username: name, password: secret } };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
