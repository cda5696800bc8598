/** Merging by rank: what byte-pair encoding and SentencePiece have in common. */

/** Which neighbours may become one. */
export interface Merges {
  /** Of two symbols; -1 where they do not merge. */
  find(left: number, right: number): number;
  /** Of a found merge: lower ones first. A whole number from 0, below 2^24. */
  rank(found: number): number;
  /** The symbol that a found merge gives. */
  joined(found: number): number;
}

/** Positions in a queue's keys: rank × POSITIONS + position stays an exact number. */
const POSITIONS = 2 ** 28;

/**
 * Merges neighbours in `symbols` until none are left, the lowest rank first, of equal ones the leftmost.
 * Takes n log n steps, so a "word" of 10,000 letters is no problem. Changes `symbols`.
 * @returns the symbols that are left
 */
export function mergeSymbols(symbols: Int32Array, merges: Merges): number[] {
  const next = Int32Array.from(symbols, (_, at) => at + 1);
  const previous = Int32Array.from(symbols, (_, at) => at - 1);
  const gone = new Uint8Array(symbols.length);
  const queue = new NumberQueue();
  const consider = (left: number) => {
    const right = left < 0 ? symbols.length : next[left]!;
    if (right >= symbols.length) return;
    const found = merges.find(symbols[left]!, symbols[right]!);
    if (found >= 0) queue.push(merges.rank(found) * POSITIONS + left);
  };
  for (let at = 0; at < symbols.length - 1; at++) consider(at);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const left = key % POSITIONS;
    const right = next[left]!;
    if (gone[left] || right >= symbols.length) continue;
    const found = merges.find(symbols[left]!, symbols[right]!);
    // A neighbour was merged away since, and this pair has an entry of its own.
    if (found < 0 || merges.rank(found) !== (key - left) / POSITIONS) continue;
    symbols[left] = merges.joined(found);
    gone[right] = 1;
    next[left] = next[right]!;
    if (next[left] < symbols.length) previous[next[left]] = left;
    consider(previous[left]!);
    consider(left);
  }
  const left: number[] = [];
  for (let at = 0; at < symbols.length; at = next[at]!) left.push(symbols[at]!);
  return left;
}

/** A binary heap: the smallest first. */
class NumberQueue {
  readonly #heap: number[] = [];

  push(key: number): void {
    const heap = this.#heap;
    let at = heap.push(key) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= key) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = key;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
