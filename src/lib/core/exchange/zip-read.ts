/** One file of a ZIP, unpacked as it is read; what it really is counts, and not what the ZIP says of it. */
import { Inflate } from 'fflate';
import { Crc32 } from '#core/exchange/crc32';
import { badFile, MOST_CHAT, tooLarge } from '#core/exchange/limits';
import { damaged, view, type ZipEntry } from '#core/exchange/zip-directory';

const HEADER = 0x04034b50;
const HEADER_SIZE = 30;
/** Bytes that are unpacked at once: to at most 64 MB, as nothing packs better than 1,032 to 1. */
const STEP = 65_536;
const [STORED, DEFLATED] = [0, 8];

/** @throws PaddockError `bad_file` */
export async function* unpack(
  zip: Blob,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  if (entry.size > MOST_CHAT) throw tooLarge('One file in this ZIP', entry.size, MOST_CHAT);
  const header = await view(zip, entry.offset, entry.offset + HEADER_SIZE);
  if (header.byteLength < HEADER_SIZE || header.getUint32(0, true) !== HEADER) throw damaged();
  const start =
    entry.offset + HEADER_SIZE + header.getUint16(26, true) + header.getUint16(28, true);
  const data = zip.slice(start, start + entry.packed);
  const crc = new Crc32();
  let size = 0;
  for await (const bytes of plain(data, entry.method)) {
    size += bytes.length;
    if (size > entry.size) throw damaged();
    crc.update(bytes);
    yield bytes;
  }
  if (size !== entry.size || crc.value !== entry.crc) throw damaged();
}

async function* plain(
  data: Blob,
  method: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  if (method !== STORED && method !== DEFLATED) {
    throw badFile(
      'This ZIP is packed in a way that is not known here.',
      'Pack it again as a plain ZIP.',
    );
  }
  let out: Uint8Array<ArrayBuffer>[] = [];
  const inflate = new Inflate((bytes) => out.push(bytes));
  for (let at = 0; at < data.size; at += STEP) {
    const packed = new Uint8Array(await data.slice(at, at + STEP).arrayBuffer());
    if (method === STORED) {
      yield packed;
      continue;
    }
    try {
      inflate.push(packed, at + STEP >= data.size);
    } catch {
      throw damaged();
    }
    yield* out;
    out = [];
  }
}

/** All of it. @throws PaddockError `bad_file` */
export async function unpackWhole(zip: Blob, entry: ZipEntry): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const bytes of unpack(zip, entry)) parts.push(bytes);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
