/**
 * The same model with one letter a token: wllama takes a prompt as text only, and this is text that it cannot split
 * otherwise than we mean. What it writes tells its tokens in the same way.
 */
import { readBlobHeader } from '#store/blob-header';

/** Above the letters that surrogates take; there are more behind it than any vocabulary has tokens. */
const FIRST_LETTER = 0x10000;

/** Tokens as the numbered model reads them. */
export function lettersOf(tokens: readonly number[]): string {
  let letters = '';
  for (const token of tokens) letters += String.fromCodePoint(FIRST_LETTER + token);
  return letters;
}

/** The tokens that the numbered model wrote. */
export function tokensOf(letters: string): number[] {
  return Array.from(letters, (letter) => letter.codePointAt(0)! - FIRST_LETTER);
}

const PREFIX = 'tokenizer.';
/** What tells of the weights and not of the vocabulary: BERT's. */
const KEPT = 'tokenizer.ggml.token_type_count';
/** Its tokens are cut by the longest text, and nothing is put around them: no token begins or ends a text. */
const KIND = 'rwkv';

const STRING = 8;
const ARRAY = 9;
/** Bytes of a scalar by its type in GGUF. */
const BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

/**
 * The file with another vocabulary in its header; of its weights nothing is copied.
 * @param first of a model's files, the one with the vocabulary; its header was read before and is whole
 */
export async function numbered(first: Blob): Promise<Blob> {
  const { metadata, dataOffset } = await readBlobHeader(first);
  const list = metadata.get(`${PREFIX}ggml.tokens`);
  const count = typeof list === 'object' ? list.length : 0;
  const bytes = new Uint8Array(await first.slice(0, dataOffset).arrayBuffer());
  const { pairs, tensors } = withoutVocabulary(bytes);
  const fixed = bytes.slice(0, 24);
  new DataView(fixed.buffer).setBigUint64(16, BigInt(pairs.length + 2), true);
  const header = new Blob([
    ...[fixed, ...pairs],
    ...[text(`${PREFIX}ggml.model`), u32(STRING), text(KIND)],
    ...[text(`${PREFIX}ggml.tokens`), u32(ARRAY), u32(STRING), u64(count), letters(count)],
    tensors,
  ]);
  const alignment = Number(metadata.get('general.alignment') ?? 32);
  const padding = new Uint8Array((alignment - (header.size % alignment)) % alignment);
  return new Blob([header, padding, first.slice(dataOffset)]);
}

/** The pairs that stay, and the list of tensors, as their bytes are. */
function withoutVocabulary(bytes: Uint8Array<ArrayBuffer>) {
  const view = new DataView(bytes.buffer);
  const pairs: Uint8Array<ArrayBuffer>[] = [];
  let at = 24;
  for (let left = Number(view.getBigUint64(16, true)); left > 0; left--) {
    const start = at;
    const end = skip(view, at, STRING);
    const key = new TextDecoder().decode(bytes.subarray(at + 8, end));
    at = skip(view, end + 4, view.getUint32(end, true));
    if (!key.startsWith(PREFIX) || key === KEPT) pairs.push(bytes.subarray(start, at));
  }
  const tensors = at;
  for (let left = Number(view.getBigUint64(8, true)); left > 0; left--) {
    at = skip(view, at, STRING);
    at += 4 + 8 * view.getUint32(at, true) + 4 + 8;
  }
  return { pairs, tensors: bytes.subarray(tensors, at) };
}

/** Behind a value of that type. */
function skip(view: DataView, at: number, type: number): number {
  if (type === STRING) return at + 8 + Number(view.getBigUint64(at, true));
  if (type !== ARRAY) return at + BYTES[type]!;
  const element = view.getUint32(at, true);
  const count = Number(view.getBigUint64(at + 4, true));
  if (element !== STRING) return at + 12 + count * BYTES[element]!;
  let end = at + 12;
  for (let n = 0; n < count; n++) end = skip(view, end, STRING);
  return end;
}

/** `count` texts of one letter, each of four bytes. */
function letters(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 * count);
  const encoder = new TextEncoder();
  for (let token = 0; token < count; token++) {
    bytes[12 * token] = 4;
    encoder.encodeInto(lettersOf([token]), bytes.subarray(12 * token + 8));
  }
  return bytes;
}

function text(value: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(value);
  const whole = new Uint8Array(8 + bytes.length);
  whole.set(u64(bytes.length));
  whole.set(bytes, 8);
  return whole;
}

function u32(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function u64(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}
