/** The tokens that are still in the draw, in no order that a stage may count on. */
import { sortByLogit } from './order';

export class Candidates {
  readonly ids: Int32Array;
  readonly logits: Float32Array;
  size = 0;

  constructor(vocabulary: number) {
    this.ids = new Int32Array(vocabulary);
    this.logits = new Float32Array(vocabulary);
  }

  clear(): void {
    this.size = 0;
  }

  add(id: number, logit: number): void {
    this.ids[this.size] = id;
    this.logits[this.size] = logit;
    this.size++;
  }

  /** Every token that can be drawn at all: a logit that is -∞ (masked) or not a number is left out. */
  addAll(logits: Float32Array): void {
    for (let id = 0; id < logits.length; id++)
      if (logits[id]! > -Infinity) this.add(id, logits[id]!);
  }

  /** Keeps the places for which `keep` says so, in their order. */
  keep(keep: (logit: number, place: number) => boolean): void {
    let kept = 0;
    for (let place = 0; place < this.size; place++) {
      if (!keep(this.logits[place]!, place)) continue;
      this.ids[kept] = this.ids[place]!;
      this.logits[kept] = this.logits[place]!;
      kept++;
    }
    this.size = kept;
  }

  largest(): number {
    let largest = -Infinity;
    for (let place = 0; place < this.size; place++)
      largest = Math.max(largest, this.logits[place]!);
    return largest;
  }

  /** The places from `from` on by falling logit; of equal ones the lower id first. */
  sortFrom(from: number): void {
    sortByLogit(this.ids.subarray(from, this.size), this.logits.subarray(from, this.size));
  }
}
