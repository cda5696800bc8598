import type { Digest } from '#core/digest';
import type { RegistryContext } from './context';

/** Blobs that one piece of work needs: no cleaning takes them until `release`. */
export class Hold {
  readonly digests: Digest[] = [];
  readonly #context: Pick<RegistryContext, 'cleaning' | 'pins'>;

  constructor(context: Pick<RegistryContext, 'cleaning' | 'pins'>) {
    this.#context = context;
  }

  /** Under the lock that cleaning holds, so that nothing is taken between its look and its deletion. */
  async add(...digests: Digest[]): Promise<void> {
    const { cleaning, pins } = this.#context;
    await cleaning.run(async () => pins.add(digests));
    this.digests.push(...digests);
  }

  release(): void {
    this.#context.pins.remove(this.digests.splice(0));
  }
}
