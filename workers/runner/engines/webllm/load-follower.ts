/** How far a load is, what ends it early, and later whose the loss of the device is to report. */
import { PaddockError } from '#core/errors';
import { LIBRARY_NAME } from '#core/mlc/library';
import { throwIfAborted } from '../../abort';
import type { LoadContext } from '../../engine';
import { lossOf, noMemoryLeft } from '../ask-gpu';
import { DeviceUse } from '../device-use';
import { LoadClock } from '../load-clock';
import type { ModelFiles } from './files';
import type { GpuEvents, GpuWatch } from './gpu-watch';
import { explainError, type LoadStep } from './load-errors';

/** Milliseconds. */
const LOSS_DELAY = 250;

export class LoadFollower implements GpuEvents {
  readonly #files: ModelFiles;
  readonly #context: LoadContext;
  readonly #needed: string;
  readonly #use: DeviceUse;
  #step: LoadStep = 'start';
  #uploaded = 0;
  /** Weights are read when web-llm asks for a shard, and uploaded from its first tensor on. */
  readonly clock = new LoadClock();
  /** Bytes of the buffers when the first shader was asked for: the weights, and keys and values. */
  bytesBeforeShaders = 0;

  /** @param needed web-llm's name for the libraries that it can use */
  constructor(files: ModelFiles, context: LoadContext, needed: string) {
    this.#files = files;
    this.#context = context;
    this.#needed = needed;
    this.#use = new DeviceUse(context.onDeath);
    context.signal.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = () => this.#use.end(new PaddockError('aborted', 'Loading was stopped.'));

  /** web-llm asks for a file. @throws PaddockError `aborted` */
  read(name: string): void {
    throwIfAborted(this.#context.signal);
    if (name === LIBRARY_NAME) this.#step = 'library';
    else if (name.startsWith('tokenizer.')) this.#step = 'tokenizer';
    else if (this.#step === 'tokenizer') this.#tellWeights();
    if (this.#step === 'weights') this.clock.turn('read');
  }

  onDevice(opened: boolean): void {
    this.#step = opened ? 'connect' : 'device';
  }

  onWrite(bytes: number): void {
    if (this.#step !== 'weights') return;
    this.clock.turn('upload');
    this.#uploaded += bytes;
    this.#tellWeights();
    if (this.#uploaded >= this.#files.tensors.gpuBytes) this.#step = 'assemble';
  }

  onShaders(done: number, total: number, bytes: number): void {
    if (this.#step === 'assemble') this.bytesBeforeShaders = bytes;
    this.#step = 'run';
    this.clock.turn(done < total ? 'compile' : undefined);
    this.#context.onProgress({ phase: 'shaders', done, total });
    if (done === total) this.#context.onProgress({ phase: 'warmup' });
  }

  onLost(reason: string, outOfMemory: boolean): void {
    this.#use.lose(lossOf(reason, outOfMemory));
  }

  /** `work`, unless the load is stopped or the device lost before. */
  until<T>(work: Promise<T>): Promise<T> {
    return this.#use.until(work);
  }

  /** `work` of a loaded model; what it throws is made ours. */
  async during<T>(work: Promise<T>, watch: GpuWatch): Promise<T> {
    try {
      return await this.until(work);
    } catch (error) {
      throw await this.explain(error, watch.outOfMemory);
    }
  }

  /** The load is over: its signal counts no more. */
  loaded(): void {
    this.#context.signal.removeEventListener('abort', this.#abort);
    this.#use.leave();
  }

  /** As `DeviceUse.enter`. */
  enter(): Promise<() => void> {
    return this.#use.enter();
  }

  /** `error` as one of ours. */
  async explain(error: unknown, outOfMemory: boolean): Promise<PaddockError> {
    if (error instanceof PaddockError) return error;
    // The errors that a lost device causes come before its loss is told.
    await this.until(pause(LOSS_DELAY)).catch(() => {});
    if (this.#use.loss) return this.#use.loss;
    if (outOfMemory) return noMemoryLeft();
    return explainError(error, this.#step, this.#needed);
  }

  #tellWeights(): void {
    this.#step = 'weights';
    const { gpuBytes: total } = this.#files.tensors;
    const done = Math.min(this.#uploaded, total);
    this.#context.onProgress({ phase: 'weights', done, total });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
