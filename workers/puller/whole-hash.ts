/** The SHA-256 of a whole blob, in this thread or in one of its own. */
import { createSHA256, type IHasher } from 'hash-wasm';
import { Caller } from '#core/caller';
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { HasherMethods } from '#core/methods';

/** Ordered: what is asked first is done first. */
export interface WholeHash {
  /** False for a state that cannot be loaded: the hash is then that of nothing. */
  load(state: Uint8Array): Promise<boolean>;
  /** Takes `bytes` and their buffer, which comes back when it may be filled again. */
  update(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  /** A state that `load` takes, in another session too. */
  save(): Promise<Uint8Array<ArrayBuffer>>;
  digest(): Promise<Digest>;
  close(): void;
}

/** In this thread. */
export class LocalHash implements WholeHash {
  readonly #hash: IHasher;

  private constructor(hash: IHasher) {
    this.#hash = hash;
  }

  static async create(): Promise<LocalHash> {
    return new LocalHash(await createSHA256());
  }

  async load(state: Uint8Array): Promise<boolean> {
    try {
      this.#hash.load(state);
      return true;
    } catch {
      this.#hash.init();
      return false; // hash-wasm refuses the states of its other builds
    }
  }

  async update(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    this.#hash.update(bytes);
    return bytes.buffer;
  }

  async save(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#hash.save());
  }

  async digest(): Promise<Digest> {
    return `sha256:${this.#hash.digest('hex')}` as Digest;
  }

  close(): void {}
}

/** In a worker of its own: hashing is the slowest of a pull's steps, and so overlaps with the others. */
export class WorkerHash implements WholeHash {
  readonly #worker: Worker;
  readonly #caller: Caller<HasherMethods>;

  constructor() {
    this.#worker = new Worker(new URL('./hasher.ts', import.meta.url), {
      type: 'module',
      name: 'paddock-hasher',
    });
    this.#caller = new Caller<HasherMethods>(this.#worker);
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      const why = event.message || 'its script did not load';
      this.#caller.fail(new PaddockError('internal', `The hashing worker stopped: ${why}.`));
    });
  }

  load(state: Uint8Array): Promise<boolean> {
    return this.#caller.call('load', state).result;
  }

  async update(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    const call = this.#caller.call('update', bytes, { transfer: [bytes.buffer] });
    let returned: ArrayBuffer | undefined;
    for await (const { buffer } of call) returned = buffer;
    return returned!;
  }

  save(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#caller.call('save', null).result;
  }

  digest(): Promise<Digest> {
    return this.#caller.call('digest', null).result;
  }

  close(): void {
    this.#worker.terminate();
  }
}
