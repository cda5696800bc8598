/** wllama's logger: keeps what its API does not return (the backend taken, an error's figures). */
import { LoadClock } from '../load-clock';

type Log = (...data: unknown[]) => void;

/** The server's answer to a prompt that does not fit; its figures reach only the logger. */
interface ContextExceeded {
  type: 'exceed_context_size_error';
  n_prompt_tokens: number;
  n_ctx: number;
}

const PROJECTOR_FAULT =
  /^(?:clip_init: failed to load model '[^']*'|mtmd_init_from_file: error): (?:load_hparams: )?(.*\S)/;

export class NativeLog {
  /** Layers that llama.cpp says it put on the GPU. */
  offloadedLayers = 0;
  /** Bytes that llama.cpp says it claimed for keys and values, and for what it computes with. */
  cacheBytes = 0;
  computeBytes = 0;
  /** The last line of llama.cpp that speaks of an error. */
  lastError: string | undefined;
  /** What is wrong with the projector, in llama.cpp's words; its last lines only say that something is. */
  projectorFault: string | undefined;
  /** Of the weights: read, and on their way to the adapter where there is one. */
  readonly clock = new LoadClock();
  #exceeded: ContextExceeded | undefined;
  readonly #onWeights: () => void;

  /** @param onWeights called when the weights begin to come */
  constructor(onWeights: () => void) {
    this.#onWeights = onWeights;
  }

  readonly debug: Log = (...data) => this.#read(data);
  readonly log: Log = (...data) => this.#read(data);
  readonly warn: Log = (...data) => this.#read(data);
  readonly error: Log = (...data) => {
    const answer = data[1] as Partial<ContextExceeded> | undefined;
    if (answer?.type === 'exceed_context_size_error') this.#exceeded = answer as ContextExceeded;
    this.#read(data);
  };

  /** The last prompt that did not fit, once. */
  takeExceeded(): ContextExceeded | undefined {
    const exceeded = this.#exceeded;
    this.#exceeded = undefined;
    return exceeded;
  }

  #read(data: unknown[]) {
    for (const line of data) {
      if (typeof line !== 'string') continue;
      if (line.includes('load_tensors: loading model tensors')) {
        this.clock.turn('read');
        this.#onWeights();
      }
      if (line.includes('llama_context: constructing')) this.clock.turn(undefined);
      const offloaded = /offloaded (\d+)\/\d+ layers to GPU/.exec(line);
      if (offloaded) this.offloadedLayers = Number(offloaded[1]);
      const claimed = /(KV|compute) buffer size\s*=\s*([\d.]+) MiB/.exec(line);
      const bytes = Math.round(Number(claimed?.[2] ?? 0) * 1024 ** 2);
      if (claimed?.[1] === 'KV') this.cacheBytes += bytes;
      else this.computeBytes += bytes;
      this.projectorFault ??= PROJECTOR_FAULT.exec(line)?.[1];
      if (/\berror\b|failed to|unable to/i.test(line)) this.lastError = line.trim();
    }
  }
}
