// Which addresses are in a network, of IPv4 and IPv6.

/** Whether `10.0.0.0/8` has the address of `10.1.2.3:5000`, and `fd00::/8` that of `[fd00::1]:5000`. */
export function contains(network: string, host: string): boolean {
  const [base = "", length = ""] = network.split("/");
  const [one, other] = [parseAddress(base), parseAddress(withoutPort(host))];
  if (one === undefined || other?.bits !== one.bits || !/^\d+$/.test(length)) return false;
  const rest = BigInt(Math.max(0, one.bits - Number(length)));
  return one.value >> rest === other.value >> rest;
}

function withoutPort(host: string): string {
  const [, inBrackets] = /^\[([^\]]*)\](?::\d+)?$/.exec(host) ?? [];
  return inBrackets ?? host.replace(/^([^:]*):\d+$/, "$1");
}

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function parseAddress(text: string): Address | undefined {
  const value = parseShort(text);
  if (value !== undefined) return { bits: 32, value };
  const groups = groupsOf(text);
  if (groups === undefined) return undefined;
  return {
    bits: 128,
    value: BigInt(`0x${groups.map((group) => group.padStart(4, "0")).join("")}`),
  };
}

/** Of IPv4. */
function parseShort(text: string): bigint | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return undefined;
  return text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

/** The eight of IPv6: https://www.rfc-editor.org/rfc/rfc4291#section-2.2 */
function groupsOf(text: string): readonly string[] | undefined {
  const [before = "", after, ...more] = withoutDots(text).split("::");
  const [head, tail] = [before, after ?? ""].map((part) => (part === "" ? [] : part.split(":")));
  const given = [...(head ?? []), ...(tail ?? [])];
  if (more.length > 0 || given.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  if (after === undefined) return given.length === 8 ? given : undefined;
  if (given.length > 7) return undefined;
  return [...(head ?? []), ...Array<string>(8 - given.length).fill("0"), ...(tail ?? [])];
}

/** `::ffff:10.0.0.1` -> `::ffff:a00:1`. */
function withoutDots(text: string): string {
  const at = text.lastIndexOf(":") + 1;
  const value = parseShort(text.slice(at));
  if (value === undefined) return text;
  return `${text.slice(0, at)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
