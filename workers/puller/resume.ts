/** Where a transfer goes on: the state of the whole digest, loaded or made anew from what was written. */
import type { IHasher } from 'hash-wasm';
import type { TransferParams } from '#core/methods';
import type { BlobWriter } from '#store/blob-store';

const READ_BYTES = 1024 * 1024;

/** The hasher's state, to be kept in the ledger. */
export function saveState(hash: IHasher): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash.save());
}

/**
 * Brings `whole` to the end of the parts that can be believed, and returns their number. Without a
 * state that loads, the parts are read back and compared, so it may be fewer than the ledger says.
 */
export async function resume(
  { done, parts, hashState }: TransferParams,
  writer: BlobWriter,
  whole: IHasher,
  scratch: IHasher,
): Promise<number> {
  const size = parts.slice(0, done).reduce((sum, part) => sum + part.size, 0);
  if (hashState && (await reaches(writer, size)) && load(whole, hashState)) return done;
  whole.init();
  const buffer = new Uint8Array(READ_BYTES);
  let offset = 0;
  for (const [index, part] of parts.slice(0, done).entries()) {
    const before = whole.save();
    scratch.init();
    const end = offset + part.size;
    while (offset < end) {
      const read = await writer.read(
        buffer.subarray(0, Math.min(READ_BYTES, end - offset)),
        offset,
      );
      if (read === 0) break;
      scratch.update(buffer.subarray(0, read));
      whole.update(buffer.subarray(0, read));
      offset += read;
    }
    if (offset < end || `sha256:${scratch.digest('hex')}` !== part.digest) {
      whole.load(before);
      return index;
    }
  }
  return done;
}

/** The file may have lost its end, or all of it, since the ledger was written. */
async function reaches(writer: BlobWriter, size: number): Promise<boolean> {
  return size === 0 || (await writer.read(new Uint8Array(1), size - 1)) === 1;
}

/** False for a state of another build of hash-wasm, which refuses it. */
function load(hash: IHasher, state: Uint8Array): boolean {
  try {
    hash.load(state);
    return true;
  } catch {
    return false;
  }
}
