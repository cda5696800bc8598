/** The tokens that a tokenizer puts around a text: web-llm's leaves them out, and embedding models want them. */
import { isObject } from '#core/is-object';

export interface TextEnds {
  begin: number[];
  end: number[];
}

/** By `tokenizer.json`'s `post_processor`; both are empty where it has none. */
export function textEnds(tokenizer: Record<string, unknown> | undefined): TextEnds {
  const ends: TextEnds = { begin: [], end: [] };
  const rules = tokenizer?.post_processor;
  if (!isObject(rules) || !Array.isArray(rules.single) || !isObject(rules.special_tokens)) {
    return ends;
  }
  let side = ends.begin;
  for (const part of rules.single as unknown[]) {
    if (!isObject(part)) continue;
    if (isObject(part.Sequence)) side = ends.end;
    if (!isObject(part.SpecialToken)) continue;
    const token = rules.special_tokens[String(part.SpecialToken.id)];
    const ids = isObject(token) && Array.isArray(token.ids) ? token.ids : [];
    side.push(...ids.filter((id): id is number => Number.isInteger(id)));
  }
  return ends;
}
