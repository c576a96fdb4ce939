// Patterns of Dockerfiles and shells, as far as they can be read in time that grows with their length
// alone: by what stands before their first wildcard, and behind their last.

/** Whether a part of a path is a pattern, or has a variable. */
export function isPattern(text: string): boolean {
  return /[$*?[{]/.test(text);
}

/** Whether a name can be what a pattern stands for; where not even that is known, it can. */
export function mayBeNamed(name: string, pattern: string): boolean {
  if (/[${`]/.test(pattern)) return true;
  const [start = ""] = pattern.split(/[*?[]/);
  if (start === pattern) return name === pattern;
  const end = pattern.split(/[*?\]]/).at(-1) ?? "";
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}

/** Whether a path, or a folder that it is in, can be what a pattern from the root stands for. */
export function mayBeBelow(path: string, pattern: string): boolean {
  const names = partsOf(path);
  const parts = partsOf(pattern);
  return (
    parts.length <= names.length && parts.every((part, at) => mayBeNamed(names[at] ?? "", part))
  );
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}
