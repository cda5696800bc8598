/** Code to colours: lengths and classes, so that no HTML is made of it. */
import { ColourEmitter } from './emitter';
import { hljs } from './languages';

// Its own emitter builds a tree, and HTML of that.
hljs.configure({ __emitter: ColourEmitter });

/** See `ReadingMethods.code`. */
export function colourCode(language: string, code: string): Uint32Array | null {
  if (!hljs.getLanguage(language)) return null;
  const { _emitter, errorRaised } = hljs.highlight(code, { language, ignoreIllegals: true });
  if (errorRaised) return null;
  const runs = (_emitter as unknown as ColourEmitter).runs;
  let length = 0;
  for (let at = 0; at < runs.length; at += 2) length += runs[at] ?? 0;
  // A grammar that lost a letter would shift all colours behind it.
  return length === code.length ? Uint32Array.from(runs) : null;
}
