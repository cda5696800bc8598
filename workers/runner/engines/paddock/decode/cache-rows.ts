/** Keys and values outside a forward pass: moved by a context shift, copied out and back. */
import type { CacheSnapshot } from '../decoder';
import type { Part } from '../memory/part';
import { cacheRowBytes } from '../memory/sizes';
import type { ModelSpec } from '../spec/model-spec';
import { writeAngles } from './rope-angles';

interface Options {
  spec: ModelSpec;
  parts: readonly Part[];
  context: number;
  cacheKind: number;
}

/** Where one key-value head's rows begin. */
interface Head {
  bytes: Uint8Array;
  address: number;
}

class Snapshot implements CacheSnapshot {
  constructor(
    readonly length: number,
    /** [layers][keys, values][kv heads][length][row] */
    readonly data: Uint8Array,
  ) {}

  get bytes(): number {
    return this.data.byteLength;
  }
}

export class CacheRows {
  readonly #options: Options;
  readonly #frequencies: Float64Array;
  readonly #rowBytes: number;

  constructor(options: Options, frequencies: Float64Array) {
    this.#options = options;
    this.#frequencies = frequencies;
    this.#rowBytes = cacheRowBytes(options.cacheKind, options.spec.headSize);
  }

  shift(from: number, to: number, end: number): void {
    const row = this.#rowBytes;
    for (const { bytes, address } of this.#allHeads()) {
      bytes.copyWithin(address + from * row, address + to * row, address + end * row);
    }
    this.#turnKeys(from, from + end - to, from - to);
  }

  /** Turns the keys at the positions `from` to `to` by the angles of `distance` positions. */
  #turnKeys(from: number, to: number, distance: number): void {
    const { parts, cacheKind, spec } = this.#options;
    const pairs = this.#frequencies.length;
    for (const { plan, memory, kernels } of parts) {
      const { cos, sin } = plan.buffers;
      const table = (address: number) => new Float32Array(memory.buffer, address, pairs);
      writeAngles(this.#frequencies, distance, 1, table(cos), table(sin));
      for (const { keys } of plan.caches) {
        for (const head of this.#heads(keys)) {
          const rows = head + from * this.#rowBytes;
          kernels.turnRows(cacheKind, rows, to - from, cos, sin, pairs, spec.headSize);
        }
      }
    }
  }

  save(length: number): CacheSnapshot {
    const size = length * this.#rowBytes;
    const heads = [...this.#allHeads()];
    const data = new Uint8Array(heads.length * size);
    heads.forEach(({ bytes, address }, index) =>
      data.set(bytes.subarray(address, address + size), index * size),
    );
    return new Snapshot(length, data);
  }

  restore(snapshot: CacheSnapshot): void {
    if (!(snapshot instanceof Snapshot)) throw new TypeError('not a snapshot of this cache');
    const size = snapshot.length * this.#rowBytes;
    let at = 0;
    for (const { bytes, address } of this.#allHeads()) {
      bytes.set(snapshot.data.subarray(at, at + size), address);
      at += size;
    }
  }

  *#allHeads(): Generator<Head> {
    for (const { plan, memory } of this.#options.parts) {
      const bytes = new Uint8Array(memory.buffer);
      for (const { keys, values } of plan.caches) {
        for (const address of this.#heads(keys)) yield { bytes, address };
        for (const address of this.#heads(values)) yield { bytes, address };
      }
    }
  }

  *#heads(block: number): Generator<number> {
    const { spec, context } = this.#options;
    for (let head = 0; head < spec.keyValueHeads; head++) {
      yield block + head * context * this.#rowBytes;
    }
  }
}
