/** The list of files at a ZIP's end. Source of the layout: PKWARE's APPNOTE.TXT, 4.3. */
import { badFile, MOST_ENTRIES, MOST_UNPACKED, tooLarge } from '#core/exchange/limits';
import { formatCount } from '#core/format';

export interface ZipEntry {
  name: string;
  method: number;
  crc: number;
  /** Bytes in the ZIP, and unpacked, as the list says. */
  packed: number;
  size: number;
  /** Where its header begins. */
  offset: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_SIZE = 22;
/** The end is followed by a comment of at most this. */
const MOST_COMMENT = 0xffff;
/** Bytes of an entry's fields, its names come after. */
const ENTRY_SIZE = 46;
/** Bytes: what 100,000 names take, at 500 each. */
const MOST_LIST = 50_000_000;

/** @throws PaddockError `bad_file` */
export async function readDirectory(zip: Blob): Promise<ZipEntry[]> {
  const tail = await view(zip, Math.max(0, zip.size - END_SIZE - MOST_COMMENT), zip.size);
  let at = tail.byteLength - END_SIZE;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) {
    throw badFile(
      'This ZIP ends too early: the list of its files, which stands at the end, is missing.',
      'Copy or download it again. Nothing was written.',
    );
  }
  const count = tail.getUint16(at + 10, true);
  const length = tail.getUint32(at + 12, true);
  const offset = tail.getUint32(at + 16, true);
  if (count > MOST_ENTRIES || length > MOST_LIST || offset + length > zip.size) throw damaged();
  const list = await view(zip, offset, offset + length);
  const entries: ZipEntry[] = [];
  for (let place = 0; entries.length < count;) {
    if (place + ENTRY_SIZE > list.byteLength || list.getUint32(place, true) !== ENTRY) {
      throw damaged();
    }
    const name = list.getUint16(place + 28, true);
    const rest = list.getUint16(place + 30, true) + list.getUint16(place + 32, true);
    if (place + ENTRY_SIZE + name > list.byteLength) throw damaged();
    if (list.getUint16(place + 8, true) & 1) {
      throw badFile('This ZIP is locked with a password.', 'Unpack it, and choose what is in it.');
    }
    entries.push({
      name: new TextDecoder().decode(new Uint8Array(list.buffer, place + ENTRY_SIZE, name)),
      method: list.getUint16(place + 10, true),
      crc: list.getUint32(place + 16, true),
      packed: list.getUint32(place + 20, true),
      size: list.getUint32(place + 24, true),
      offset: list.getUint32(place + 42, true),
    });
    place += ENTRY_SIZE + name + rest;
  }
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  if (unpacked > MOST_UNPACKED) {
    throw tooLarge(
      `What ${formatCount(count)} files in this ZIP unpack to`,
      unpacked,
      MOST_UNPACKED,
    );
  }
  return entries;
}

export function damaged(): Error {
  return badFile('This ZIP is damaged.', 'Copy or download it again.');
}

export async function view(blob: Blob, from: number, to: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await blob.slice(from, to).arrayBuffer());
}
