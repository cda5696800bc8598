/** The forward pass on a graphics adapter. */
import type { CacheSnapshot, Choosing, ChosenTokens, Decoder } from '../decoder';
import { throwIfAborted } from '../../../abort';
import { shiftWords } from '../kernels/webgpu/attention/shift';
import type { AttentionShape } from '../kernels/webgpu/attention/shape';
import { choosingWay } from '../kernels/webgpu/choosing/way';
import { writeRecent } from '../kernels/webgpu/choosing/recent';
import { writeSampling } from '../kernels/webgpu/choosing/sampling';
import { MOST_TOKENS, type OwnBuffers } from './buffers';
import type { Programs } from './build';
import { CacheCopies, GpuSnapshot } from './cache-copies';
import { GpuChosenTokens } from './chosen-tokens';
import type { GpuDevice } from './device';
import { writeDraws } from './draws';
import { Pace } from './pace';
import { encode, type Program, type Run } from './programs';
import { Submits } from './submits';
import type { GpuWeights } from './weights';

export interface GpuDecoderParts {
  gpu: GpuDevice;
  weights: GpuWeights;
  programs: Programs;
  attention: AttentionShape;
  own: OwnBuffers;
  /** Tokens of one `evaluate`, at most. */
  chunk: number;
  /** As `GpuDecoder` has it. */
  tokensPerSubmit: number;
  /** Milliseconds that a submit is meant to take at most. */
  submitMs: number;
}

export class GpuDecoder implements Decoder {
  readonly contextLength: number;
  readonly vocabulary: number;
  readonly chunk: number;
  /** Tokens that are chosen in one submit, where the device is fast enough; another number counts from the next choice. */
  tokensPerSubmit: number;
  readonly #parts: GpuDecoderParts;
  readonly #submits: Submits;
  readonly #pace: Pace;
  readonly #copies: CacheCopies;
  readonly #logits: Float32Array;
  /** From the tokens' ids to the stream behind the last layer. */
  readonly #single: Program;
  readonly #several: Program;
  /** Whose stream is there; undefined: none that was evaluated whole. */
  #run: Run | undefined;

  constructor(parts: GpuDecoderParts) {
    const { gpu, weights, programs, attention, chunk } = parts;
    const { plan, caches } = weights;
    this.#parts = parts;
    this.contextLength = plan.context;
    this.vocabulary = plan.spec.vocabulary;
    this.chunk = chunk;
    this.tokensPerSubmit = parts.tokensPerSubmit;
    this.#submits = new Submits(gpu);
    this.#pace = new Pace(parts.submitMs);
    this.#copies = new CacheCopies(gpu.device, caches, attention);
    this.#logits = new Float32Array(this.vocabulary);
    this.#single = [...programs.embed, ...programs.token];
    this.#several = [...programs.embed, ...programs.chunk];
  }

  /** Ends when all is submitted: what is still under way then is waited for by whatever reads. */
  async evaluate(tokens: readonly number[], start: number, signal: AbortSignal): Promise<void> {
    const count = tokens.length;
    if (count === 0 || count > this.chunk || start + count > this.contextLength) {
      throw new RangeError(`${count} tokens at ${start} do not fit`);
    }
    const run = { position: start, tokens: count };
    const program = count === 1 ? this.#single : this.#several;
    for (let from = 0; from < program.length;) {
      await this.#submits.room();
      throwIfAborted(signal);
      if (from === 0) this.#begin(run, tokens);
      const to = this.#pace.until(program, from, run);
      this.#submit(program, run, from, to);
      from = to;
    }
    this.#run = run;
  }

  async logits(index: number): Promise<Float32Array> {
    const { gpu, programs, weights, own } = this.#parts;
    const run = this.#evaluated();
    await this.#submits.room();
    this.#setState(run, index);
    const encoder = gpu.device.createCommandEncoder();
    this.#encode(encoder, programs.logits, run);
    const bytes = 4 * this.vocabulary;
    encoder.copyBufferToBuffer(weights.buffers.logits, 0, own.readLogits, 0, bytes);
    const read = { buffer: own.readLogits, bytes };
    await this.#submits.settled(this.#submits.send(encoder.finish(), read));
    this.#logits.set(new Float32Array(own.readLogits.getMappedRange(0, bytes)));
    own.readLogits.unmap();
    return this.#logits;
  }

  shift(from: number, to: number, end: number): void {
    const { gpu, programs, own } = this.#parts;
    gpu.device.queue.writeBuffer(own.shift, 0, shiftWords(from, to, end));
    const encoder = gpu.device.createCommandEncoder();
    this.#encode(encoder, programs.shift, { position: from, tokens: 1 });
    gpu.device.queue.submit([encoder.finish()]);
  }

  save(length: number): CacheSnapshot {
    return this.#copies.save(length);
  }

  restore(snapshot: CacheSnapshot): void {
    if (!(snapshot instanceof GpuSnapshot)) throw new TypeError('not a snapshot of this cache');
    this.#copies.restore(snapshot);
  }

  choose(choosing: Choosing): ChosenTokens | undefined {
    const { gpu, programs, weights, own } = this.#parts;
    const { settings, start, text } = choosing;
    const way = choosingWay(settings, this.contextLength);
    if (!way) return undefined;
    const run = this.#evaluated();
    if (start !== run.position + run.tokens) {
      throw new RangeError(`the last token evaluated is not the one before ${start}`);
    }
    // From now on the stream is another token's.
    this.#run = undefined;
    const { queue } = gpu.device;
    this.#setState(run, run.tokens - 1);
    if (way !== 'greedy') {
      queue.writeBuffer(own.sampling, 0, writeSampling(settings, this.contextLength));
      queue.writeBuffer(own.recent, 0, writeRecent(text));
    }
    const draws = way !== 'greedy' && settings.temperature > 0;
    const means = {
      ...{ device: gpu.device, submits: this.#submits, pace: this.#pace, slots: own.slots },
      ...{ history: weights.buffers.history, layers: programs.token },
      contextLength: this.contextLength,
      tokensPerSubmit: Math.min(this.tokensPerSubmit, MOST_TOKENS),
    };
    const prepare = (step: number, count: number) => {
      if (draws) writeDraws(queue, own.draws, step, count, choosing.uniform);
    };
    return new GpuChosenTokens(means, { program: programs.choosing[way], prepare }, choosing);
  }

  #begin(run: Run, tokens: readonly number[]): void {
    const { gpu, weights } = this.#parts;
    this.#run = undefined;
    const ids = Uint32Array.from(tokens);
    gpu.device.queue.writeBuffer(weights.buffers.history, 4 * run.position, ids);
    this.#setState(run, run.tokens - 1);
  }

  #submit(program: Program, run: Run, from: number, to: number): void {
    const encoder = this.#parts.gpu.device.createCommandEncoder();
    this.#encode(encoder, program, run, from, to);
    this.#submits.send(encoder.finish()).then(
      (took) => this.#pace.took(took, program, from, to, run),
      () => {}, // a loss is told by what reads
    );
  }

  #encode(
    encoder: GPUCommandEncoder,
    program: Program,
    run: Run,
    from = 0,
    to = program.length,
  ): void {
    const pass = encoder.beginComputePass();
    encode(pass, program, run, from, to);
    pass.end();
  }

  /** `row`: of the stream, whose logits are wanted. */
  #setState({ position, tokens }: Run, row: number): void {
    const { gpu, weights } = this.#parts;
    gpu.device.queue.writeBuffer(
      weights.buffers.state,
      0,
      Uint32Array.of(position, tokens, row, 0),
    );
  }

  #evaluated(): Run {
    if (!this.#run) throw new RangeError('nothing was evaluated since tokens were chosen');
    return this.#run;
  }
}
