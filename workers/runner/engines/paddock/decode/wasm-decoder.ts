/** The forward pass by the WebAssembly kernels: the first thread runs here, in the runner. */
import { PaddockError } from '#core/errors';
import type { CacheSnapshot, Decoder } from '../decoder';
import { throwIfAborted } from '../../../abort';
import { turn } from '../generate/turn';
import { forwardOps, type Op } from '../graph/program';
import { OP_SOURCE } from '../kernels/program-layout';
import { poison, runPart, type Part, type Run } from '../memory/part';
import { CHUNK } from '../memory/sizes';
import type { ModelSpec } from '../spec/model-spec';
import type { ThreadController } from '../threads/controller';
import { CacheRows } from './cache-rows';
import { Pace } from './pace';
import { ropeFrequencies, writeAngles } from './rope-angles';
import { Stream } from './stream';

interface DecoderOptions {
  spec: ModelSpec;
  parts: readonly Part[];
  threads: ThreadController;
  /** Positions. */
  context: number;
  cacheKind: number;
  /** Called when a helper thread no longer answers: nothing can be evaluated any more. */
  onDeath(reason: string): void;
}

export class WasmDecoder implements Decoder {
  readonly contextLength: number;
  readonly vocabulary: number;
  readonly #options: DecoderOptions;
  readonly #frequencies: Float64Array;
  readonly #rows: CacheRows;
  readonly #streams: Stream[];
  /** Of each memory. */
  readonly #ops: Op[][];
  readonly #pace: Pace;

  constructor(options: DecoderOptions) {
    this.#options = options;
    this.contextLength = options.context;
    this.vocabulary = options.spec.vocabulary;
    this.#frequencies = ropeFrequencies(options.spec.rope);
    this.#rows = new CacheRows(options, this.#frequencies);
    this.#streams = options.parts.map((part) => new Stream(part, options.spec));
    this.#ops = options.parts.map(({ share, plan }) => forwardOps(share, plan));
    this.#pace = new Pace(options.spec);
  }

  /** Fewer on a slow machine, so that no op holds up a cancel. */
  get chunk(): number {
    return this.#pace.chunk(this.#ops[0]!);
  }

  async evaluate(tokens: readonly number[], start: number, signal: AbortSignal): Promise<void> {
    const count = tokens.length;
    if (count === 0 || count > CHUNK || start + count > this.contextLength) {
      throw new RangeError(`${count} tokens at ${start} do not fit`);
    }
    const { threads } = this.#options;
    const active = threads.active;
    const spent = { ms: 0, work: 0 };
    this.#streams[0]!.setTokens(tokens);
    for (const [index, ops] of this.#ops.entries()) {
      const stream = this.#streams[index]!;
      const { cos, sin } = stream.angles(count * this.#frequencies.length);
      writeAngles(this.#frequencies, start, count, cos, sin);
      if (index > 0) stream.copyFrom(this.#streams[index - 1]!, count);
      for (let from = 0; from < ops.length;) {
        throwIfAborted(signal);
        const to = this.#pace.until(ops, from, count, start);
        const slice = this.#timed(index, { from, to, tokens: count, position: start }, active);
        spent.ms += slice.ms;
        spent.work += slice.work;
        from = to;
        if (from < ops.length) await turn();
      }
    }
    const kind = count === 1 ? 'token' : 'chunk';
    threads.report({ threads: active, kind, pace: spent.ms / spent.work });
  }

  /** Runs some ops of one memory, and says how long they took for how many multiplications. */
  #timed(index: number, range: Omit<Run, 'program' | 'threads'>, threads: number) {
    const { from, to, tokens, position } = range;
    const started = performance.now();
    this.#run(index, { ...range, program: this.#options.parts[index]!.plan.forward, threads });
    const ms = performance.now() - started;
    const ops = this.#ops[index]!.slice(from, to);
    const perToken = ops.reduce((sum, op) => sum + this.#pace.work(op, position + tokens), 0);
    const work = tokens * perToken;
    this.#pace.took(ms, work);
    return { ms, work };
  }

  logits(index: number): Float32Array {
    const { parts } = this.#options;
    const first = this.#streams[0]!;
    const last = this.#streams.at(-1)!;
    if (last !== first) first.copyFrom(last, index + 1);
    const { plan } = parts[0]!;
    first.words[(plan.head + OP_SOURCE) / 4] = first.addressOf(index);
    const threads = this.#options.threads.active;
    this.#run(0, { program: plan.head, from: 0, to: 1, tokens: 1, position: 0, threads });
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

  #run(index: number, run: Run): void {
    const { parts, onDeath } = this.#options;
    let whole = false;
    let reason = 'A helper thread of the engine stopped answering.';
    try {
      whole = runPart(parts, index, run);
    } catch (error) {
      // A trap: the helpers stand at a barrier that this thread never comes to.
      reason = `The engine's code failed: ${error instanceof Error ? error.message : String(error)}.`;
    }
    if (whole) return;
    poison(parts);
    onDeath(reason);
    throw new PaddockError('engine_failed', reason);
  }
}
