import { expect, test } from "vitest";
import { UserError } from "../src/errors.ts";
import type { Host } from "../src/host/host.ts";
import { measure } from "../src/measure.ts";
import type { Prepared } from "../src/prepare.ts";
import { openState } from "../src/state/state.ts";
import type { FoundTool } from "../src/tools/find-tool.ts";
import { makePrepared } from "./make-prepared.ts";
import { openWorkshop } from "./tools/workshop.ts";

test("when one part fails, the others are stopped before that is told", async () => {
  await using workshop = await openWorkshop();
  const hadolint = await workshop.program("hadolint", "echo '[]'");
  // The checks would take a minute; the build fails as soon as they have begun.
  await workshop.program(
    "docker",
    `case "$*" in
      *--call=check*) echo $$ > ${workshop.outside}/checks; exec sleep 60 ;;
      *) while [ ! -s ${workshop.outside}/checks ]; do sleep 0.05; done
         echo "ERROR: failed to solve: dockerfile parse error on line 2: unknown flag: --nope" >&2
         exit 1 ;;
    esac`,
  );
  const measuring = measured(workshop.host, linting(hadolint));
  await expect(measuring).rejects.toThrow(UserError);
  const checks = Number(await workshop.host.files.readText(`${workshop.outside}/checks`));
  expect(() => process.kill(checks, 0)).toThrow("ESRCH");
});

test("a configuration that turns out to be broken during the build stops that, and says so", async () => {
  await using workshop = await openWorkshop();
  await workshop.write(".hadolint.yaml", "ignored: 7\n");
  const begun = `${workshop.outside}/begun`;
  const hadolint = await workshop.program(
    "hadolint",
    `while [ ! -s ${begun} ]; do sleep 0.05; done
     echo 'Error parsing your config file in .hadolint.yaml' >&2`,
  );
  await workshop.program("docker", `echo $$ > ${begun}; exec sleep 60`);
  const clock = { ...workshop.host.clock, sleep: async () => {} };
  const measuring = measured({ ...workshop.host, clock }, linting(hadolint));
  await expect(measuring).rejects.toMatchObject({
    problems: [{ where: ".hadolint.yaml" }],
    consequence: "the build was stopped",
  });
});

/** Prepared to lint with a Hadolint. */
function linting(path: string): Prepared {
  const tool: FoundTool = { kind: "found", name: "hadolint", path, version: "2.15.1", sha256: "" };
  const prepared = makePrepared({ lint: { lint: true, failOnLint: "off" } });
  return { ...prepared, tools: new Map([["hadolint", tool]]) };
}

async function measured(host: Host, prepared: Prepared) {
  await using state = await openState(host, "state");
  return await measure(host, prepared, state);
}
