/** The calls that use a graphics device, and whose its loss is to report. */
import { PaddockError } from '#core/errors';
import { turn } from './paddock/generate/turn';

export class DeviceUse {
  readonly #onDeath: (reason: string) => void;
  readonly #ended: Promise<never>;
  #end!: (error: PaddockError) => void;
  #loss: PaddockError | undefined;
  /** Calls under way; the load is one, and a failed one stays so. */
  #calls = 1;
  #dead = false;
  /** The end of the last call. */
  #last = Promise.resolve();

  /** @param onDeath the device was lost, and no call is there to say so */
  constructor(onDeath: (reason: string) => void) {
    this.#onDeath = onDeath;
    this.#ended = new Promise((_, reject) => (this.#end = reject));
    this.#ended.catch(() => {}); // whoever waits is told
  }

  get loss(): PaddockError | undefined {
    return this.#loss;
  }

  /** Ends what waits with `until`. */
  end(error: PaddockError): void {
    this.#end(error);
  }

  lose(error: PaddockError): void {
    this.#loss = error;
    this.#end(error);
    void this.#die();
  }

  /** `work`, unless it is ended before. */
  until<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#ended]);
  }

  /**
   * A call begins when the one before has ended: a caller that stopped one does not wait for its last step.
   * @throws PaddockError what the device was lost with before (detail: idle)
   */
  async enter(): Promise<() => void> {
    const before = this.#last;
    let done = () => {};
    this.#last = new Promise((resolve) => (done = resolve));
    this.#calls++;
    await before;
    const leave = () => {
      done();
      this.leave();
    };
    if (!this.#loss) return leave;
    leave();
    throw new PaddockError(this.#loss.code, this.#loss.message, { idle: true });
  }

  /** The load is over. */
  leave(): void {
    this.#calls--;
    if (this.#loss) void this.#die();
  }

  /** A call that is under way reports the loss first, and its answer needs a turn to leave the worker. */
  async #die(): Promise<void> {
    if (this.#calls > 0 || this.#dead) return;
    this.#dead = true;
    await turn();
    this.#onDeath(this.#loss?.message ?? 'The graphics device was lost.');
  }
}
