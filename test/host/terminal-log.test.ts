import { expect, test } from "vitest";
import {
  createTerminalLog,
  type TerminalLog,
  terminalColumns,
} from "../../src/host/terminal-log.ts";

/** What was written, and the log that writes it. */
function logInto(
  options: {
    readonly isTTY?: boolean;
    readonly env?: Readonly<Record<string, string>>;
    readonly verbose?: boolean;
    readonly columns?: number;
  } = {},
): { readonly log: TerminalLog; readonly written: () => string } {
  let text = "";
  const stream = {
    write(part: string) {
      text += part;
    },
    isTTY: options.isTTY ?? false,
    columns: options.columns ?? 80,
  };
  const log = createTerminalLog({
    stream,
    env: options.env ?? {},
    verbose: options.verbose ?? false,
    conceal: (shown) => shown.replaceAll("hunter22", "***"),
  });
  return { log, written: () => text };
}

test("messages carry their kind, their place and their title", () => {
  const { log, written } = logInto();
  log.info("building");
  log.notice("no baseline");
  log.warning("too big", { file: "Dockerfile", line: 7, title: "production" });
  log.error("failed", { file: "Dockerfile", line: 9 });
  expect(written()).toBe(
    [
      "building",
      "notice: no baseline",
      "Dockerfile:7: warning: production: too big",
      "Dockerfile:9: error: failed",
      "",
    ].join("\n"),
  );
});

test("lines of a group stand under its title", () => {
  const { log, written } = logInto();
  log.group("production");
  log.info("one\n\ntwo");
  log.endGroup();
  log.info("three");
  expect(written()).toBe("production\n  one\n\n  two\nthree\n");
});

test("debug is shown only where it was asked for", () => {
  const quiet = logInto();
  quiet.log.debug("detail");
  const verbose = logInto({ verbose: true });
  verbose.log.debug("detail");
  expect([quiet.written(), verbose.written()]).toEqual(["", "detail\n"]);
});

test("secrets are concealed and hostile text is neutralised, in places too", () => {
  const { log, written } = logInto();
  log.warning("hunt\u001b[0mer22\u001b[2J", { file: "\u001b[31mDockerfile", line: 1, title: "\0" });
  log.group("hunter22 ::error::");
  expect(written()).toBe("Dockerfile:1: warning: <U+0000>: ***\n*** ::error::\n");
});

test.each([
  { isTTY: true, env: {}, colour: true },
  { isTTY: false, env: {}, colour: false },
  { isTTY: true, env: { NO_COLOR: "1" }, colour: false },
  { isTTY: true, env: { NO_COLOR: "" }, colour: true },
  { isTTY: false, env: { FORCE_COLOR: "1" }, colour: true },
  { isTTY: true, env: { FORCE_COLOR: "0" }, colour: false },
  { isTTY: true, env: { TERM: "dumb" }, colour: false },
])("colour is $colour with $env and a terminal: $isTTY", ({ isTTY, env, colour }) => {
  const { log, written } = logInto({ isTTY, env });
  log.error("x");
  expect(written()).toBe(colour ? "\u001b[31merror:\u001b[39m x\n" : "error: x\n");
});

test("progress is one line of a terminal, written over in place and under what is logged", () => {
  const { log, written } = logInto({ isTTY: true, env: { NO_COLOR: "1" } });
  const line = (text: string) => `\u001b[?7l${text}\u001b[?7h`;
  log.progress("building 1/6");
  log.progress("building 2/6");
  log.info("done");
  log.close();
  const erase = "\r\u001b[2K";
  expect(written()).toBe(
    `${line("building 1/6")}${erase}${line("building 2/6")}${erase}done\n${line("building 2/6")}${erase}`,
  );
});

test("progress that does not fit is cut off, and line breaks in it are spaces", () => {
  const { log, written } = logInto({ isTTY: true, columns: 10 });
  log.progress("one\ntwo three four");
  expect(written()).toBe("\u001b[?7lone two t\u001b[?7h");
});

test("a terminal that does not know how wide it is has room for progress", () => {
  const { log, written } = logInto({ isTTY: true, columns: 0 });
  log.progress("RUN rm /big");
  expect(written()).toBe("\u001b[?7lRUN rm /big\u001b[?7h");
  expect([undefined, 0, 1, 120].map(terminalColumns)).toEqual([80, 80, 80, 120]);
});

test("where there is no terminal there is no progress", () => {
  const { log, written } = logInto();
  log.progress("building");
  log.close();
  expect(written()).toBe("");
});
