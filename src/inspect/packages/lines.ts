const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Lines of a text without their ends. Views. */
export function* linesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; ) {
    const feed = content.indexOf(LINE_FEED, start);
    const end = feed === -1 ? content.length : feed;
    const hasReturn = end > start && content[end - 1] === CARRIAGE_RETURN;
    yield content.subarray(start, hasReturn ? end - 1 : end);
    start = end + 1;
  }
}

/** Paragraphs of a text: what stands between empty lines. Views. */
export function* paragraphsOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; ) {
    const gap = content.indexOf("\n\n", start);
    const end = gap === -1 ? content.length : gap;
    if (end > start) yield content.subarray(start, end);
    start = end + 2;
  }
}
