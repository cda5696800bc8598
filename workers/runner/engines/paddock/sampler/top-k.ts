/** The k tokens of the largest logits. */
import type { Candidates } from './candidates';

/**
 * Fills `candidates` with the `k` largest of `logits` [vocabulary], of equal ones the lower ids, by falling logit;
 * 0 or less: with all, unsorted. One pass with a heap of k: a vocabulary is never sorted.
 */
export function topK(candidates: Candidates, logits: Float32Array, k: number): void {
  candidates.clear();
  if (k <= 0) {
    candidates.addAll(logits);
    return;
  }
  // The heap's root is the least of those kept. Ids rise, so an equal logit that comes later never displaces.
  let least = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (!(logit > least)) continue;
    if (candidates.size < k) {
      candidates.add(id, logit);
      rise(candidates, candidates.size - 1);
      if (candidates.size < k) continue;
    } else {
      candidates.ids[0] = id;
      candidates.logits[0] = logit;
      sink(candidates);
    }
    least = candidates.logits[0]!;
  }
  candidates.sortFrom(0);
}

function rise(heap: Candidates, from: number): void {
  let place = from;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isLess(heap, place, parent)) return;
    swap(heap, place, parent);
    place = parent;
  }
}

function sink(heap: Candidates): void {
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.size) return;
    if (child + 1 < heap.size && isLess(heap, child + 1, child)) child++;
    if (!isLess(heap, child, place)) return;
    swap(heap, place, child);
    place = child;
  }
}

function isLess({ ids, logits }: Candidates, a: number, b: number): boolean {
  return logits[a]! < logits[b]! || (logits[a]! === logits[b]! && ids[a]! > ids[b]!);
}

function swap({ ids, logits }: Candidates, a: number, b: number): void {
  const id = ids[a]!;
  const logit = logits[a]!;
  ids[a] = ids[b]!;
  logits[a] = logits[b]!;
  ids[b] = id;
  logits[b] = logit;
}
