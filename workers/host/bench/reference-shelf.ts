/** The references of one run: looked up, or written and remembered. */
import type { Digest } from '#core/digest';
import { isAbort, toPaddockError, type PaddockError } from '#core/errors';
import type { Contestant } from './contestant';
import type { Entrant } from './entrant';
import type { BenchHouse } from './house';
import {
  hasReference,
  knownReference,
  referenceWriter,
  writeReference,
  type Reference,
} from './references';

export class ReferenceShelf {
  readonly #house: BenchHouse;
  readonly #seed: number;
  readonly #found = new Map<Digest, Reference>();
  readonly #lacks = new Map<Digest, string>();
  #writer: Contestant | undefined;

  constructor(house: BenchHouse, seed: number) {
    this.#house = house;
    this.#seed = seed;
  }

  /** Whether there is, or can be, one. */
  has(entrant: Entrant): boolean {
    return hasReference(entrant);
  }

  /**
   * Brings it in. One that cannot be had is a lack, and no error of the run.
   * @param told how many tokens of it there are
   * @returns whether it was written now, and not only looked up
   * @throws PaddockError `aborted`
   */
  async fetch(
    entrant: Entrant,
    signal: AbortSignal,
    told: (tokens: number) => void,
  ): Promise<boolean> {
    const { weights } = entrant;
    if (this.#found.has(weights)) return false;
    try {
      const known = await knownReference(this.#house.references, entrant);
      this.#found.set(weights, known ?? (await this.#written(entrant, signal, told)));
      return known === null;
    } catch (error) {
      if (signal.aborted || isAbort(error)) throw error;
      const { message } = toPaddockError(error, 'engine_failed');
      this.#lacks.set(weights, `The reference could not be made: ${message}`);
      return false;
    }
  }

  /** Null where there is none. */
  of({ weights }: Entrant): Reference | null {
    return this.#found.get(weights) ?? null;
  }

  /** Why there is none. */
  lackOf({ weights }: Entrant): string {
    return this.#lacks.get(weights) ?? 'Nobody has recorded what this model writes.';
  }

  /** Who has this file open lets go of it. */
  discard(digest: Digest, error: PaddockError): void {
    if (this.#writer?.model.files.some((file) => file.digest === digest)) this.#writer.stop(error);
  }

  end(): void {
    this.#writer?.end();
  }

  async #written(
    entrant: Entrant,
    signal: AbortSignal,
    told: (tokens: number) => void,
  ): Promise<Reference> {
    const { startRunner, now, references } = this.#house;
    const writer = referenceWriter(entrant, { startRunner, now, seed: this.#seed });
    this.#writer = writer;
    try {
      const reference = await writeReference(writer, entrant, signal, told);
      await references.putReference(reference).catch((error: unknown) => {
        console.warn('The reference is not remembered, and is made again:', error);
      });
      return reference;
    } finally {
      writer.end();
    }
  }
}
