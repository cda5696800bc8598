/** Images of a request: base64, as Ollama's clients send them. */
import type { ChatMessage } from '#core/engine';
import { PaddockError } from '#core/errors';
import { formatBytes } from '#core/format';
import { badRequest } from './body';

type Image = Uint8Array<ArrayBuffer>;

/** Bytes. The largest phone pictures are half of this; what a browser unpacks of one is ten times as much. */
const MAX_IMAGE = 20_000_000;

/**
 * The bytes of each; undefined where there are none.
 * @throws PaddockError `bad_request` for what is no list of base64 strings, `too_large` (limit, in bytes)
 */
export function parseImages(value: unknown): Image[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw badRequest('"images" must be an array');
  return value.length > 0 ? (value as unknown[]).map(parseImage) : undefined;
}

function parseImage(value: unknown, at: number): Image {
  if (typeof value !== 'string' || value === '') {
    throw badRequest(`image ${at + 1} must be a base64 string`);
  }
  if (value.length * 0.75 > MAX_IMAGE + 2) throw tooLarge(at);
  const image = decode(value, at);
  if (image.length > MAX_IMAGE) throw tooLarge(at);
  return image;
}

function tooLarge(at: number): PaddockError {
  const most = formatBytes(MAX_IMAGE);
  return new PaddockError('too_large', `image ${at + 1} is larger than ${most}`, {
    limit: MAX_IMAGE,
  });
}

function decode(base64: string, at: number): Image {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    throw badRequest(`image ${at + 1} is not valid base64`);
  }
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** Asked only of a model that sees: to another, no image is right. @throws PaddockError `bad_request` */
export function checkImages(messages: readonly ChatMessage[]): void {
  if (messages.every(({ images = [] }) => images.every(isKnown))) return;
  throw badRequest('an image must be a PNG, JPEG or WebP file');
}

/** By its first bytes; WebP's size stands between the two words. */
function isKnown(image: Image): boolean {
  const head = String.fromCharCode(...image.subarray(0, 12));
  if (head.startsWith('\x89PNG\r\n\x1a\n') || head.startsWith('\xff\xd8\xff')) return true;
  return head.startsWith('RIFF') && head.endsWith('WEBP');
}
