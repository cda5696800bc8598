/** LaTeX to MathML. */
import type { Formula } from '#core/reading';
import katex from 'katex';

/** Characters of a formula: a page of LaTeX. */
const LONGEST = 4000;
/**
 * A macro may stand for as many letters as its definition has, wherever it is used: n letters make up to n²/8 of
 * them, and KaTeX sets some 400,000 a second.
 */
const LONGEST_WITH_MACROS = 500;
const DEFINES = /\\(?:[egx]?def|let|futurelet|newcommand|renewcommand|providecommand)/;
/** Characters of MathML, and elements in each other: more is slow to lay out. */
const LARGEST = 200_000;
const DEEPEST = 100;

function depthOf(markup: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [tag] of markup.matchAll(/<[^>]*>/g)) {
    depth += tag.startsWith('</') ? -1 : 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Null: it cannot be read, or is too much. Costs less than 200 ms. */
export function toMathMl({ tex, display }: Formula): string | null {
  if (tex.length > (DEFINES.test(tex) ? LONGEST_WITH_MACROS : LONGEST)) return null;
  let markup: string;
  try {
    markup = katex.renderToString(tex, {
      ...{ output: 'mathml', displayMode: display, throwOnError: true, strict: 'ignore' },
      ...{ trust: false, maxExpand: 1000, maxSize: 20, globalGroup: false },
    });
  } catch {
    return null; // the page shows the source
  }
  // The source, which would be read out behind the formula.
  markup = markup.replace(/<annotation [^>]*>[^<]*<\/annotation>/, '');
  markup = /<math.*<\/math>/s.exec(markup)?.[0].replace(/<\/?semantics>/g, '') ?? '';
  return markup === '' || markup.length > LARGEST || depthOf(markup) > DEEPEST ? null : markup;
}
