import { expect, test } from "vitest";
import { toolEnvironment } from "../../src/tools/environment.ts";

test("variables that steer a tool, or are a secret of the job, are left out", () => {
  const env = {
    TRIVY_SEVERITY: "LOW",
    HADOLINT_IGNORE: "DL3008",
    GITHUB_TOKEN: "t",
    ACTIONS_RUNTIME_TOKEN: "t",
    INPUT_TOKEN: "t",
    AWS_SECRET_ACCESS_KEY: "t",
    XDG_CONFIG_HOME: "/home/me/.config",
  };
  expect(toolEnvironment(env)).toEqual({});
});

test("proxies in both cases, certificates, Docker's credentials and folders survive", () => {
  const env = {
    PATH: "/bin",
    HOME: "/home/me",
    DOCKER_CONFIG: "/home/me/docker",
    https_proxy: "http://proxy:3128",
    HTTPS_PROXY: "http://proxy:3128",
    no_proxy: "localhost",
    SSL_CERT_FILE: "/etc/company.pem",
    SSL_CERT_DIR: "/etc/certificates",
    TMPDIR: "/big",
  };
  expect(toolEnvironment(env)).toEqual(env);
});

test("overrides win", () => {
  expect(toolEnvironment({ HOME: "/home/me" }, { HOME: "/empty" })).toEqual({ HOME: "/empty" });
});
