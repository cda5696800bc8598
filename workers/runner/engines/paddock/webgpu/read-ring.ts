/** Buffers by which tokens are read back: made at load, one a submit that is under way and one to spare. */

const SLOTS = 3;
/** Bytes of one: the tokens of a submit. */
const BYTES = 256;

export const MOST_TOKENS = BYTES / 4;

export class ReadRing {
  readonly #free: GPUBuffer[];

  constructor(device: GPUDevice) {
    this.#free = Array.from({ length: SLOTS }, (_, at) =>
      device.createBuffer({
        label: `tokens read ${at}`,
        size: BYTES,
        usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
      }),
    );
  }

  /** One that nothing is under way to; there is one while fewer than three submits are. */
  take(): GPUBuffer {
    const slot = this.#free.pop();
    if (!slot) throw new RangeError('more submits than buffers to read');
    return slot;
  }

  give(slot: GPUBuffer): void {
    this.#free.push(slot);
  }
}
