const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** An amount that is written with a unit: 148.2 of megabytes. */
interface Scaled {
  readonly unit: (typeof UNITS)[number];
  /** Bytes in one of the unit. */
  readonly size: number;
}

/**
 * Bytes in SI units: `25 MB`, `148.2 MB`, `1.21 GB`. Two decimals below ten, else one; zeros at the
 * end are left out. Below a thousand bytes it is exact.
 */
export function formatBytes(bytes: number): string {
  const scaled = scaleOf(bytes);
  return write(bytes, scaled, decimalsFor(bytes, scaled));
}

/** A size that a person chose, with every digit of it: 150 MiB are `157.2864 MB`. */
export function formatLimit(bytes: number): string {
  const scaled = scaleOf(bytes);
  return write(bytes, scaled, digitsOf(scaled));
}

/**
 * Bytes next to a limit, with as many digits as it takes to stand on the right side of it: above
 * 150 MB, 150,040,000 is `150.04 MB`, not `150 MB`.
 */
export function formatBytesBeside(bytes: number, limit: number): string {
  return writeWhere(bytes, (read) => read > limit === bytes > limit);
}

/**
 * The same where the distance to the limit is told too: its digits make the difference come out.
 * Beside 8 MB and `4.96 MB over`, 12,960,000 is `12.96 MB`, not `13 MB`.
 */
export function formatBytesApart(bytes: number, limit: number): string {
  const distance = formatBytes(Math.abs(bytes - limit));
  return writeWhere(
    bytes,
    (read) => read > limit === bytes > limit && formatBytes(Math.abs(read - limit)) === distance,
  );
}

/** Writes bytes with the fewest digits that are read as something that holds. */
function writeWhere(bytes: number, holds: (read: number) => boolean): string {
  const scaled = scaleOf(bytes);
  for (let decimals = decimalsFor(bytes, scaled); decimals < digitsOf(scaled); decimals += 1) {
    if (holds(rounded(bytes, scaled, decimals))) return write(bytes, scaled, decimals);
  }
  return write(bytes, scaled, digitsOf(scaled));
}

/** A percentage that a person chose, with every digit of it. */
export function formatPercentLimit(percent: number): string {
  return `${percent}%`;
}

/**
 * A percentage next to the least or the most that it should be, on the right side of it: beside 70%,
 * 69.97% is not `70%`, nor is 70.04%.
 */
export function formatPercentBeside(percent: number, limit: number): string {
  const side = Math.sign(percent - limit);
  for (let decimals = 1; decimals < 6; decimals += 1) {
    const text = percent.toFixed(decimals);
    if (Math.sign(Number(text) - limit) === side) return `${trimmed(text)}%`;
  }
  return `${percent}%`;
}

/** `0.3 s`, `42 s`, `1 m 03 s`, `1 h 02 m`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${trimmed(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} m`;
}

/** `1 finding`, `2 findings`, `10,000 findings`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `a, b and 3 more`: the first few of a list. */
export function formatFew(items: readonly string[], most: number): string {
  const rest = items.length - most;
  const shown = items.slice(0, most).join(", ");
  return rest > 0 ? `${shown} and ${formatCount(rest)} more` : shown;
}

/** `both` or `all 3`. */
export function allOf(count: number): string {
  return count === 2 ? "both" : `all ${formatCount(count)}`;
}

/** `10,000`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** The largest unit of which there is at least one, as it will be written: 999,999 are `1 MB`. */
function scaleOf(bytes: number): Scaled {
  let power = 0;
  while (power < UNITS.length - 1 && rounds(Math.abs(bytes) / 1000 ** power, power) >= 1000) {
    power += 1;
  }
  return { unit: UNITS[power] ?? "B", size: 1000 ** power };
}

function rounds(amount: number, power: number): number {
  return power === 0 ? amount : Number(amount.toFixed(1));
}

function decimalsFor(bytes: number, { unit, size }: Scaled): number {
  if (unit === "B") return 0;
  return Math.abs(bytes) / size < 9.995 ? 2 : 1;
}

/** Decimals with which every byte shows. */
function digitsOf({ size }: Scaled): number {
  return Math.round(Math.log10(size));
}

/** The bytes that a reader takes from what is written. */
function rounded(bytes: number, { size }: Scaled, decimals: number): number {
  return Math.round(Number((bytes / size).toFixed(decimals)) * size);
}

function write(bytes: number, { unit, size }: Scaled, decimals: number): string {
  return `${trimmed((bytes / size).toFixed(decimals))} ${unit}`;
}

/** Without zeros at the end of its decimals. */
function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, "0");
}
