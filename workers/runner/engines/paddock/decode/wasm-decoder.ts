/** The forward pass by the WebAssembly kernels: the first thread runs here, in the runner. */
import { PaddockError } from '#core/errors';
import type { CacheSnapshot, Decoder } from '../decoder';
import { throwIfAborted } from '../generate/abort';
import { turn } from '../generate/turn';
import { LAYER_OPS } from '../graph/program';
import { CTL_LATE, OP_SOURCE } from '../kernels/program-layout';
import { runPart, type Part } from '../memory/part';
import { CHUNK } from '../memory/sizes';
import type { ModelSpec } from '../spec/model-spec';
import type { ThreadController } from '../threads/controller';
import { CacheRows } from './cache-rows';
import { ropeFrequencies, writeAngles } from './rope-angles';
import { Stream } from './stream';

export interface DecoderOptions {
  spec: ModelSpec;
  parts: readonly Part[];
  threads: ThreadController;
  /** Positions. */
  context: number;
  cacheKind: number;
  /** Called when a helper thread no longer answers: nothing can be evaluated any more. */
  onDeath(reason: string): void;
}

/** Milliseconds of work after which the event loop gets a turn, for a cancel to come in. */
const TURN = 40;

export class WasmDecoder implements Decoder {
  readonly contextLength: number;
  readonly vocabulary: number;
  readonly chunk = CHUNK;
  readonly #options: DecoderOptions;
  readonly #frequencies: Float64Array;
  readonly #rows: CacheRows;
  readonly #streams: Stream[];
  /** Milliseconds that one op took for one token. */
  #pace = 0;

  constructor(options: DecoderOptions) {
    this.#options = options;
    this.contextLength = options.context;
    this.vocabulary = options.spec.vocabulary;
    this.#frequencies = ropeFrequencies(options.spec.rope);
    this.#rows = new CacheRows(options, this.#frequencies);
    this.#streams = options.parts.map((part) => new Stream(part, options.spec));
  }

  async evaluate(tokens: readonly number[], start: number, signal: AbortSignal): Promise<void> {
    const count = tokens.length;
    if (count === 0 || count > CHUNK || start + count > this.contextLength) {
      throw new RangeError(`${count} tokens at ${start} do not fit`);
    }
    this.#streams[0]!.setTokens(tokens);
    for (const [index, { share, plan }] of this.#options.parts.entries()) {
      const stream = this.#streams[index]!;
      const { cos, sin } = stream.angles(count * this.#frequencies.length);
      writeAngles(this.#frequencies, start, count, cos, sin);
      if (index > 0) stream.copyFrom(this.#streams[index - 1]!, count);
      const ops = (share.embedding ? 1 : 0) + LAYER_OPS * share.layers.length;
      for (let from = 0; from < ops;) {
        throwIfAborted(signal);
        const to = Math.min(ops, from + this.#opsUntilTurn(count));
        const started = performance.now();
        this.#run(index, { program: plan.forward, from, to, tokens: count, position: start });
        this.#pace = (performance.now() - started) / (to - from) / count;
        from = to;
        if (from < ops) await turn();
      }
    }
  }

  logits(index: number): Float32Array {
    const { parts } = this.#options;
    const first = this.#streams[0]!;
    const last = this.#streams.at(-1)!;
    if (last !== first) first.copyFrom(last, index + 1);
    const { plan } = parts[0]!;
    first.words[(plan.head + OP_SOURCE) / 4] = first.addressOf(index);
    this.#run(0, { program: plan.head, from: 0, to: 1, tokens: 1, position: 0 });
    const at = plan.buffers.logits / 4;
    return first.floats.subarray(at, at + this.vocabulary);
  }

  shift(from: number, to: number, end: number): void {
    this.#rows.shift(from, to, end);
  }

  save(length: number): CacheSnapshot {
    return this.#rows.save(length);
  }

  restore(snapshot: CacheSnapshot): void {
    this.#rows.restore(snapshot);
  }

  #opsUntilTurn(tokens: number): number {
    return this.#pace === 0 ? 1 : Math.max(1, Math.floor(TURN / this.#pace / tokens));
  }

  #run(index: number, run: Omit<Parameters<typeof runPart>[2], 'threads'>): void {
    const { parts, threads, onDeath } = this.#options;
    const active = threads.active;
    const { words } = this.#streams[index]!;
    const late = (parts[index]!.plan.control + CTL_LATE) / 4;
    words[late] = 0;
    if (!runPart(parts, index, { ...run, threads: active })) {
      onDeath('a helper thread stopped answering');
      throw new PaddockError('engine_failed', 'A helper thread of the engine stopped answering.');
    }
    const barriers = run.to - run.from;
    // The head alone has one barrier: too few to judge by.
    if (barriers >= LAYER_OPS) threads.report({ threads: active, barriers, late: words[late] });
  }
}
