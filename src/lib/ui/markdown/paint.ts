/** Puts colours into a code block, a few lines at a time, and in pauses that let the page answer. */
import { CODE_COLOURS } from '#core/reading';

/** A block that is coloured up to some place; behind it stands plain text, which may grow. */
export interface Painted {
  code: HTMLElement;
  /** Its last child. */
  text: Text;
  /** Its other children. */
  segments: { element: HTMLElement; signature: string; length: number }[];
  /** Characters in the segments. */
  length: number;
}

interface Segment {
  code: string;
  /** Pairs of a length and a colour. */
  runs: number[];
}

/** A segment is laid out by itself, so a long block is not laid out again for each line. */
const LINES = 60;
/** Milliseconds of work between two pauses. */
const SLICE_MS = 8;

/** Ends of the segments of `code`. */
function endsOf(code: string): number[] {
  const ends: number[] = [];
  let lines = 0;
  for (let at = code.indexOf('\n'); at !== -1; at = code.indexOf('\n', at + 1)) {
    if (++lines % LINES === 0) ends.push(at + 1);
  }
  if (ends.at(-1) !== code.length) ends.push(code.length);
  return ends;
}

function* segmentsOf(code: string, runs: Uint32Array): Generator<Segment> {
  let from = 0;
  let run = 0;
  let left = runs[0] ?? 0;
  for (const end of endsOf(code)) {
    const segment: Segment = { code: code.slice(from, end), runs: [] };
    for (let room = end - from; room > 0;) {
      const length = Math.min(room, left);
      segment.runs.push(length, runs[run + 1] ?? 0);
      room -= length;
      left -= length;
      if (left > 0) continue;
      run += 2;
      left = runs[run] ?? Infinity;
    }
    yield segment;
    from = end;
  }
}

function draw({ code, runs }: Segment): HTMLElement {
  const element = document.createElement('span');
  element.className = 'lines';
  let from = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const text = code.slice(from, (from += runs[at] ?? 0));
    const name = CODE_COLOURS[runs[at + 1] ?? 0];
    if (!name) {
      element.append(text);
      continue;
    }
    const span = document.createElement('span');
    span.className = name;
    span.textContent = text;
    element.append(span);
  }
  return element;
}

/** Colours `code`, which the block begins with; what is the same as before stays. */
export async function paint(block: Painted, code: string, runs: Uint32Array): Promise<void> {
  let index = -1;
  let begun = performance.now();
  for (const segment of segmentsOf(code, runs)) {
    index++;
    const old = block.segments[index];
    const signature = segment.runs.join();
    if (old?.signature === signature) continue;
    if (performance.now() - begun > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      if (!block.text.isConnected) return;
      begun = performance.now();
    }
    const element = draw(segment);
    const { length } = segment.code;
    block.text.deleteData(0, length - (old?.length ?? 0));
    if (old) old.element.replaceWith(element);
    else block.text.before(element);
    block.segments[index] = { element, signature, length };
    block.length += length - (old?.length ?? 0);
  }
}
