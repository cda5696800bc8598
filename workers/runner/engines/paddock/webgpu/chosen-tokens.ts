/** Tokens that the device chooses and feeds back: several a submit, the next submit under way while one is read. */
import type { Choosing, ChosenTokens } from '../decoder';
import { throwIfAborted } from '../../../abort';
import { NONE } from '../kernels/webgpu/choosing/rank';
import { noNumber } from '../sampler/faults';
import type { Pace } from './pace';
import { encode, type Program } from './programs';
import { SUBMITS_UNDER_WAY, type Submits } from './submits';

/** From a stream to the next token. */
export interface Chooser {
  /** Ends with the token in the history, its embedding in the stream and the state behind it. */
  program: Program;
  /** Called before the submit that chooses the tokens from `step` on. */
  prepare(step: number, count: number): void;
}

export interface ChoosingMeans {
  device: GPUDevice;
  submits: Submits;
  pace: Pace;
  /** Buffers to read tokens by that nothing is under way to; one more than submits are under way. */
  slots: GPUBuffer[];
  /** Token ids by their position. */
  history: GPUBuffer;
  /** From one token's embedding to the stream that its logits are made of. */
  layers: Program;
  contextLength: number;
  /** Tokens a submit, on a device that is fast enough. */
  tokensPerSubmit: number;
}

interface Flight {
  slot: GPUBuffer;
  count: number;
  /** Chosen from logits of an evaluation: it says nothing of how long a token takes. */
  first: boolean;
  /** Milliseconds, when it has arrived. */
  done: Promise<number>;
}

export class GpuChosenTokens implements ChosenTokens {
  readonly #means: ChoosingMeans;
  readonly #chooser: Chooser;
  readonly #signal: AbortSignal;
  readonly #start: number;
  /** Tokens to be chosen in all: the last one that the context has room before is chosen, and not evaluated. */
  readonly #most: number;
  #sent = 0;
  readonly #flights: Flight[] = [];
  #read = new Uint32Array(0);
  #given = 0;

  constructor(means: ChoosingMeans, chooser: Chooser, choosing: Choosing) {
    this.#means = means;
    this.#chooser = chooser;
    this.#signal = choosing.signal;
    this.#start = choosing.start;
    this.#most = Math.min(choosing.most, means.contextLength - choosing.start + 1);
  }

  async next(): Promise<number | undefined> {
    if (this.#given === this.#read.length && !(await this.#arrive())) return undefined;
    const token = this.#read[this.#given++]!;
    if (token === NONE) throw noNumber();
    return token;
  }

  async close(): Promise<void> {
    for (const { slot, done } of this.#flights.splice(0)) {
      done.then(
        () => this.#free(slot),
        () => {}, // the device is lost, and its buffers with it
      );
    }
  }

  /** Takes what arrives next; false at the end. */
  async #arrive(): Promise<boolean> {
    await this.#fill();
    const flight = this.#flights.shift();
    if (!flight) return false;
    const took = await this.#means.submits.settled(flight.done);
    this.#read = new Uint32Array(flight.slot.getMappedRange(0, flight.count * 4).slice(0));
    this.#given = 0;
    this.#free(flight.slot);
    if (!flight.first) this.#means.pace.tookTokens(took, flight.count);
    throwIfAborted(this.#signal);
    await this.#fill();
    return true;
  }

  async #fill(): Promise<void> {
    while (this.#sent < this.#most && this.#flights.length < SUBMITS_UNDER_WAY) {
      throwIfAborted(this.#signal);
      await this.#means.submits.room();
      this.#send();
    }
  }

  /** The first submit chooses one token, so that it is soon there. */
  #send(): void {
    const { device, submits, slots, pace, history, layers, tokensPerSubmit } = this.#means;
    const position = this.#start + this.#sent;
    const most = Math.min(tokensPerSubmit, this.#most - this.#sent);
    const first = this.#sent === 0;
    const count = first ? 1 : pace.tokens(most, layers, position);
    this.#chooser.prepare(this.#sent, count);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let token = 0; token < count; token++) {
      const before = { position: position + token - 1, tokens: 1 };
      if (this.#sent + token > 0) encode(pass, layers, before);
      encode(pass, this.#chooser.program, before);
    }
    pass.end();
    const slot = slots.pop()!;
    encoder.copyBufferToBuffer(history, position * 4, slot, 0, count * 4);
    const done = submits.send(encoder.finish(), { buffer: slot, bytes: count * 4 });
    this.#flights.push({ slot, count, first, done });
    this.#sent += count;
  }

  #free(slot: GPUBuffer): void {
    slot.unmap();
    this.#means.slots.push(slot);
  }
}
