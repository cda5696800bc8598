import { isObject } from '#core/is-object';
import { badRequest } from '../body';

/** A type may be left out, as Ollama's own API knows none. */
const DATA = /^data:(image\/(jpeg|jpg|png|webp))?;base64,/;

/** The base64 of a part's `image_url`. @throws PaddockError `bad_request`, in Ollama's words */
export function imageOf(value: unknown): string {
  const url = isObject(value) ? value.url : value;
  if (typeof url !== 'string') throw badRequest('invalid message format');
  if (/^https?:\/\//.test(url)) {
    throw badRequest(
      'image URLs are not currently supported, please use base64 encoded data instead',
    );
  }
  const head = DATA.exec(url)?.[0];
  if (head === undefined) throw badRequest('invalid image input');
  return url.slice(head.length);
}
