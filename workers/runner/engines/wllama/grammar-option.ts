/** `format` as llama.cpp's server takes it: a grammar in its own notation, the same that Paddock's own engine reads. */
import type { CompleteParams } from '#core/engine';
import { formatGrammar } from '#core/grammar/format-grammar';
import { toGbnf } from '#core/grammar/gbnf';

/** @throws PaddockError `bad_request`, `not_supported`: llama.cpp takes no such grammar */
export function grammarOption({ format, thought }: Pick<CompleteParams, 'format' | 'thought'>): {
  grammar?: string;
} {
  return format ? { grammar: toGbnf(formatGrammar(format, thought)) } : {};
}
