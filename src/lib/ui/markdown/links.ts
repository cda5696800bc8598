/** Addresses that a reply may link to. */
const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/**
 * The absolute URL when a reply may link to it, else null. Relative addresses are refused: they
 * would move around inside Paddock.
 */
export function safeUrl(href: string): URL | null {
  // Markdown decodes character references in destinations; the one that URLs really carry is this.
  const address = href.replaceAll('&amp;', '&');
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return SCHEMES.has(url.protocol) ? url : null;
}

/** Pixels in the address itself: nobody is asked for them. No SVG, which is a document. */
export function isImageData(href: string): boolean {
  return /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/.test(href);
}
