import { expect, test } from "vitest";
import { type LintRequest, lintImages } from "../../src/lint/lint.ts";
import { makePlannedImage } from "../make.ts";
import { openWorkshop } from "../tools/workshop.ts";

const REQUEST: LintRequest = {
  images: [makePlannedImage({ name: "app" }), makePlannedImage({ name: "web" })],
  lint: { lint: true },
  build: { buildArgs: {}, buildContexts: {} },
  hadolint: { kind: "missing", name: "hadolint", reason: "there is no hadolint on the PATH" },
};

test("switched off, nothing is run and every image is off", async () => {
  await using workshop = await openWorkshop();
  const lints = await lintImages(workshop.host, { ...REQUEST, lint: { lint: false } });
  const off = { hadolint: { kind: "off" }, buildkit: { kind: "off" } };
  expect(lints).toEqual(
    new Map([
      ["app", off],
      ["web", off],
    ]),
  );
});

test("without Hadolint every image is unchecked by it, with the reason", async () => {
  await using workshop = await openWorkshop();
  await workshop.program("docker", "exit 1");
  const lints = await lintImages(workshop.host, REQUEST);
  const reason = "there is no hadolint on the PATH";
  for (const name of ["app", "web"]) {
    expect(lints.get(name)?.hadolint).toEqual({ kind: "unavailable", tool: "hadolint", reason });
  }
});

test("images that share a Dockerfile share what Hadolint says of it", async () => {
  await using workshop = await openWorkshop();
  await workshop.program("docker", "exit 1");
  const path = await workshop.program("hadolint", "echo '[]'");
  const hadolint = {
    kind: "found",
    name: "hadolint",
    version: "2.15.1",
    sha256: "",
    path,
  } as const;
  const lints = await lintImages(workshop.host, { ...REQUEST, hadolint });
  for (const name of ["app", "web"]) {
    expect(lints.get(name)?.hadolint).toEqual({ kind: "checked", findings: [] });
  }
});

test("one linter failing leaves the other one's findings alone", async () => {
  await using workshop = await openWorkshop();
  await workshop.program("docker", "exit 1");
  const path = await workshop.program("hadolint", "echo '[]'");
  const hadolint = {
    kind: "found",
    name: "hadolint",
    version: "2.15.1",
    sha256: "",
    path,
  } as const;
  const lint = (await lintImages(workshop.host, { ...REQUEST, hadolint })).get("app");
  expect(lint?.hadolint.kind).toBe("checked");
  expect(lint?.buildkit).toMatchObject({ kind: "unavailable", tool: "buildkit" });
});
