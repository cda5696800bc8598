/** The tokens that a tokenizer puts around a text: web-llm's leaves them out, and embedding models want them. */
import { isObject } from '#core/is-object';

export interface TextEnds {
  begin: number[];
  end: number[];
}

/** By `tokenizer.json`'s `post_processor`; both are empty where it has none. */
export function textEnds(tokenizer: Record<string, unknown> | undefined): TextEnds {
  const ends: TextEnds = { begin: [], end: [] };
  for (const rules of steps(tokenizer?.post_processor)) {
    // BertProcessing and RobertaProcessing: a token and its number each.
    ends.begin.push(...numberOf(rules.cls));
    ends.end.push(...numberOf(rules.sep));
    if (Array.isArray(rules.single)) addTemplate(ends, rules.single, rules.special_tokens);
  }
  return ends;
}

function steps(rules: unknown): Record<string, unknown>[] {
  if (!isObject(rules)) return [];
  return Array.isArray(rules.processors) ? rules.processors.filter(isObject) : [rules];
}

function numberOf(token: unknown): number[] {
  return Array.isArray(token) ? token.slice(1, 2).filter(isNumber) : [];
}

function addTemplate(ends: TextEnds, single: unknown[], special: unknown): void {
  let side = ends.begin;
  for (const part of single) {
    if (!isObject(part)) continue;
    if (isObject(part.Sequence)) side = ends.end;
    if (!isObject(part.SpecialToken) || !isObject(special)) continue;
    const token = special[String(part.SpecialToken.id)];
    const ids: unknown[] = isObject(token) && Array.isArray(token.ids) ? token.ids : [];
    side.push(...ids.filter(isNumber));
  }
}

function isNumber(value: unknown): value is number {
  return Number.isInteger(value);
}
