/** Reads formulas and code beside the page, which may end it at any time: a hostile text costs no frame. */
import { serve } from '#core/callee';
import type { ReadingMethods } from '#core/reading';

const load = { math: () => import('./math'), code: () => import('./code') };

serve<ReadingMethods>(self, {
  prepare: async (part) => void (await load[part]()),
  math: async (formula) => (await load.math()).toMathMl(formula),
  code: async ({ language, code }) => (await load.code()).colourCode(language, code),
});
