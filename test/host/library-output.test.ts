import { expect, it } from "vitest";
import { startScript } from "./run-script.ts";

/** What is printed, and what is handed over, where a library prints this in the middle of its work. */
async function run(printed: string) {
  const { stdout, stderr } = await startScript(`
    import { withoutOutput } from "#src/host/library-output.ts";
    const lines = [];
    const work = withoutOutput((line) => lines.push(line), async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      process.stdout.write(${JSON.stringify(printed)});
      return "done";
    });
    process.stdout.write("beside\\n");
    lines.push(await work);
    process.stdout.write("after\\n");
    console.error(JSON.stringify(lines));
  `).result;
  return { stdout, handedOver: JSON.parse(stderr) };
}

it("is handed over instead of printed, and what others print is printed", async () => {
  expect(await run("::warning::Failed%0Atwice 100%25\nCache Size: ~1 MB\n")).toEqual({
    stdout: "beside\nafter\n",
    handedOver: [
      { command: "warning", text: "Failed\ntwice 100%" },
      { text: "Cache Size: ~1 MB" },
      "done",
    ],
  });
});

it("still asks the runner to mask secrets", async () => {
  expect(await run("::add-mask::s3cret\n")).toEqual({
    stdout: "beside\n::add-mask::s3cret\nafter\n",
    handedOver: ["done"],
  });
});
