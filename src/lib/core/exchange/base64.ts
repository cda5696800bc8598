/** Bytes as text. `Uint8Array.prototype.toBase64` is younger than the browsers that are served. */

/** A multiple of 3, so that slices join; few enough to be a function's arguments. */
const SLICE = 3 * 8192;

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += SLICE) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + SLICE))));
  }
  return parts.join('');
}

/** Null where `text` is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64,/;

/** The bytes and media type of a `data:` address in base64; null for any other. */
export function fromDataUrl(url: string): { type: string; bytes: Uint8Array<ArrayBuffer> } | null {
  const match = DATA_URL.exec(url.slice(0, 200));
  const bytes = match && fromBase64(url.slice(match[0].length));
  return match && bytes ? { type: match[1]!, bytes } : null;
}
