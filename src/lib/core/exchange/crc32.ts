/** The checksum of a ZIP's files (ISO 3309, its polynomial reversed). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export class Crc32 {
  #state = 0xffff_ffff;

  get value(): number {
    return ~this.#state >>> 0;
  }

  update(bytes: Uint8Array): void {
    let state = this.#state;
    for (const byte of bytes) state = TABLE[(state ^ byte) & 0xff]! ^ (state >>> 8);
    this.#state = state;
  }
}
