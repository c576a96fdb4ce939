// The lab's registry as a company has one: over TLS, with a certificate that only its own authority
// vouches for, and open only to those who show one of that authority themselves.

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request as startRequest } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureCommands } from "../../scripts/lab/debian.ts";
import { findPlace } from "../../scripts/lab/place.ts";
import { engineEnvironment, lab } from "./engines.ts";

const run = promisify(execFile);

/** The registry, which is closed with the scenario that it is for. */
export interface TlsRegistry extends AsyncDisposable {
  /** Address and port, as an image's name begins. */
  readonly host: string;
  /** Puts into a folder such as `/etc/docker/certs.d` what it takes to reach it. */
  writeCertificates(folder: string): Promise<void>;
}

/** @param folder for keys and certificates */
export async function openTlsRegistry(folder: string): Promise<TlsRegistry> {
  await ensureCommands(findPlace(), { openssl: "openssl" });
  await mkdir(folder, { recursive: true });
  const address = await bridgeAddress();
  await makeAuthority(folder);
  await certify(folder, "server", address);
  await certify(folder, "client", address);
  const read = (name: string) => readFile(join(folder, name));
  const [ca, key, cert] = await Promise.all(["ca.crt", "server.key", "server.crt"].map(read));
  const server = createServer({ ca, key, cert, requestCert: true }, (request, response) => {
    const { url: path, method, headers } = request;
    const url = `http://${lab.registry.host}${path}`;
    const asked = startRequest(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const host = `${address}:${(server.address() as AddressInfo).port}`;
  return {
    host,
    async writeCertificates(parent) {
      const place = join(parent, host);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, "ca.crt"), await read("ca.crt"));
      await writeFile(join(place, "client.cert"), await read("client.crt"));
      await writeFile(join(place, "client.key"), await read("client.key"));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** This machine's address on an engine's own network: of loopback engines take any certificate. */
export async function bridgeAddress(): Promise<string> {
  const format = "{{(index .IPAM.Config 0).Gateway}}";
  const args = ["network", "inspect", "bridge", "--format", format];
  const env = { ...process.env, ...engineEnvironment("graph") };
  return (await run("docker", args, { env })).stdout.trim();
}

const NEW_KEY = ["-newkey", "rsa:2048", "-nodes"];

async function makeAuthority(cwd: string): Promise<void> {
  const files = ["-keyout", "ca.key", "-out", "ca.crt"];
  await run("openssl", ["req", "-x509", "-subj", "/CN=acme", ...NEW_KEY, ...files], { cwd });
}

async function certify(cwd: string, name: string, address: string): Promise<void> {
  const request = ["-keyout", `${name}.key`, "-out", `${name}.csr`];
  await run("openssl", ["req", "-new", "-subj", `/CN=${name}`, ...NEW_KEY, ...request], { cwd });
  await writeFile(join(cwd, `${name}.ext`), `subjectAltName=IP:${address}\n`);
  const authority = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"];
  const files = ["-in", `${name}.csr`, "-extfile", `${name}.ext`, "-out", `${name}.crt`];
  await run("openssl", ["x509", "-req", ...authority, ...files], { cwd });
}
