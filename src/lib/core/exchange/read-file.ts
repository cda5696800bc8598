/** A file with chats, or a backup, entry by entry. */
import { Documents, type Entry, type Format } from '#core/exchange/documents';
import { JsonPieces } from '#core/exchange/json-pieces';
import { LeftOut, type Reason } from '#core/exchange/left-out';
import { badFile, MOST_FILE, tooLarge } from '#core/exchange/limits';
import { readDirectory, type ZipEntry } from '#core/exchange/zip-directory';
import { unpack, unpackWhole } from '#core/exchange/zip-read';
import { isObject } from '#core/is-object';

export interface FileSummary {
  format: Format | null;
  /** It ends in the middle; what came before was given out. */
  cut: boolean;
  leftOut: [Reason, number][];
}

export type Read = (
  event: Entry | { type: 'progress'; read: number; size: number },
) => Promise<void>;

/** In a ZIP of ours: what it is. */
export const MANIFEST = 'paddock.json';

/** Reads `file`, and gives `out` its entries in their order. @throws PaddockError `bad_file`, and what `out` does */
export async function readFile(file: Blob, out: Read): Promise<FileSummary> {
  if (file.size === 0) throw badFile('This file is empty.', 'Export it again where it comes from.');
  if (file.size > MOST_FILE) throw tooLarge('This file', file.size, MOST_FILE);
  const leftOut = new LeftOut();
  const zip = await isZip(file);
  const read = zip ? await readZip(file, leftOut, out) : await readJson(file, leftOut, out);
  if (read.format === null) {
    throw badFile(
      read.cut
        ? 'This file ends in the middle of its first chat, and nothing of it was written.'
        : 'This file holds no chats that are known here.',
      read.cut
        ? 'Copy or download it again.'
        : 'Choose an export of Paddock, llama.cpp’s web UI, ChatGPT or Open WebUI: JSON or ZIP.',
    );
  }
  return { ...read, leftOut: leftOut.list() };
}

/** Whether `file` is a backup, of which more than chats comes. */
export async function isBackup(file: Blob): Promise<boolean> {
  if (file.size > MOST_FILE || !(await isZip(file))) return false;
  const manifest = (await readDirectory(file)).find(({ name }) => name === MANIFEST);
  if (!manifest) return false;
  const text = new TextDecoder().decode(await unpackWhole(file, manifest));
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value.paddock === 'backup';
  } catch {
    return false; // reading it says what is wrong
  }
}

async function isZip(file: Blob): Promise<boolean> {
  const [p, k] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return p === 0x50 && k === 0x4b;
}

type Summary = Omit<FileSummary, 'leftOut'>;

async function readJson(file: Blob, leftOut: LeftOut, out: Read): Promise<Summary> {
  const documents = new Documents(leftOut);
  const cut = await readText(chunksOf(file), documents, out, (read) =>
    out({ type: 'progress', read, size: file.size }),
  );
  return { format: documents.format, cut };
}

async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for (let at = 0; at < file.size; at += CHUNK) {
    yield new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer());
  }
}

/** Bytes: a twentieth of a second's work. */
const CHUNK = 1_000_000;

/** Resolves with whether the text ended in the middle. */
async function readText(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  documents: Documents,
  out: Read,
  onRead?: (bytes: number) => Promise<void>,
): Promise<boolean> {
  const pieces = new JsonPieces();
  const decoder = new TextDecoder();
  let read = 0;
  const take = async (text: string) => {
    for (const piece of pieces.feed(text)) {
      for await (const entry of documents.take(piece)) await out(entry);
    }
  };
  for await (const bytes of chunks) {
    await take(decoder.decode(bytes, { stream: true }));
    await onRead?.((read += bytes.length));
  }
  await take(decoder.decode());
  for await (const entry of documents.end()) await out(entry);
  return !pieces.complete;
}

async function readZip(file: Blob, leftOut: LeftOut, out: Read): Promise<Summary> {
  const all = await readDirectory(file);
  const byName = new Map(all.map((entry) => [entry.name, entry]));
  const readBytes = async (path: string) => {
    const entry = byName.get(path);
    return entry ? unpackWhole(file, entry) : null;
  };
  const documents = new Documents(leftOut, readBytes);
  const wanted = withChats(all, leftOut);
  const size = wanted.reduce((sum, one) => sum + one.size, 0);
  let read = 0;
  for (const entry of wanted) {
    if (await readText(unpack(file, entry), documents, out)) {
      throw badFile(`“${entry.name}” in this ZIP ends in the middle.`, 'Export it again.');
    }
    await out({ type: 'progress', read: (read += entry.size), size });
  }
  return { format: documents.format, cut: false };
}

/** The files that may hold chats, as their names say. A name that leads out of the ZIP is nobody's. */
function withChats(all: ZipEntry[], leftOut: LeftOut): ZipEntry[] {
  const json = all.filter(({ name }) => /\.jsonl?$/i.test(name) && !isOdd(name));
  leftOut.add('other_file', all.filter(({ name }) => isOdd(name)).length);
  // ChatGPT's has accounts and votes beside them.
  const conversations = json.filter(({ name }) => /(^|\/)conversations[^/]*\.json$/i.test(name));
  const ours = json.some(({ name }) => name === MANIFEST);
  return conversations.length > 0 && !ours ? conversations : json;
}

function isOdd(name: string): boolean {
  return /^([/\\]|\w:)|(^|[/\\])\.\.([/\\]|$)|\0/.test(name);
}
