/** A workflow command as the runner understood it. */
export interface WorkflowCommand {
  /** In lower case: `error`, `group`, `add-mask`. */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** What the runner listens for; everything else between colons is text. */
const known = new Set([
  "add-mask",
  "add-matcher",
  "add-path",
  "debug",
  "echo",
  "endgroup",
  "error",
  "group",
  "notice",
  "remove-matcher",
  "save-state",
  "set-env",
  "set-output",
  "stop-commands",
  "warning",
]);

/**
 * The workflow commands in a log, as the runner finds them: `::name k=v::text` at the start of a
 * line, and the old `##[name k=v;]text` anywhere in it. Between `::stop-commands::token` and
 * `::token::` nothing counts.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function readCommands(lines: readonly string[]): readonly WorkflowCommand[] {
  const commands: WorkflowCommand[] = [];
  let resume: string | undefined;
  for (const line of lines) {
    const listensTo = resume === undefined ? known : new Set([...known, resume]);
    const command = parseCommand(line, listensTo) ?? parseOldCommand(line, listensTo);
    if (command === undefined) continue;
    if (resume !== undefined) {
      if (command.name === resume) resume = undefined;
    } else if (command.name === "stop-commands") resume = command.message.toLowerCase();
    else commands.push(command);
  }
  return commands;
}

function parseCommand(line: string, names: ReadonlySet<string>): WorkflowCommand | undefined {
  const [, head, message = ""] = /^\s*::(.*?)::(.*)$/s.exec(line) ?? [];
  if (head === undefined) return undefined;
  const { name, properties } = parseHead(head, ",", decodeProperty);
  return names.has(name) ? { name, properties, message: decodeMessage(message) } : undefined;
}

function parseOldCommand(line: string, names: ReadonlySet<string>): WorkflowCommand | undefined {
  const [, head, message = ""] = /##\[(.*?)\](.*)$/s.exec(line) ?? [];
  if (head === undefined) return undefined;
  const { name, properties } = parseHead(head, ";", decodeOld);
  return names.has(name) ? { name, properties, message: decodeOld(message) } : undefined;
}

function parseHead(
  head: string,
  separator: string,
  decode: (text: string) => string,
): Pick<WorkflowCommand, "name" | "properties"> {
  const [name = "", ...rest] = head.split(" ");
  const pairs = rest
    .join(" ")
    .trim()
    .split(separator)
    .flatMap((pair) => {
      const at = pair.indexOf("=");
      return at <= 0 ? [] : [[pair.slice(0, at), decode(pair.slice(at + 1))]];
    });
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs) };
}

function decodeMessage(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function decodeProperty(text: string): string {
  return decodeMessage(text.replaceAll("%3A", ":").replaceAll("%2C", ","));
}

function decodeOld(text: string): string {
  return decodeMessage(text.replaceAll("%3B", ";").replaceAll("%5D", "]"));
}
