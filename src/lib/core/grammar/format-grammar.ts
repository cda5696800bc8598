/** The grammar of a request's `format`, behind a thought where the model thinks before it answers. */
import type { Format, Thought } from '#core/engine';
import { choice, repeat, rule, sequence, text, type Expression, type Grammar } from './expression';
import { JSON_RULES } from './json';
import { schemaGrammar } from './schema';
import { until } from './until';

/** @throws PaddockError `bad_request` for a schema that a reply cannot be held to */
export function formatGrammar(format: Format, thought?: Thought): Grammar {
  const json =
    format === 'json' ? { root: rule('object'), rules: JSON_RULES } : schemaGrammar(format);
  return thought ? behindThought(json, thought) : json;
}

function behindThought({ root, rules }: Grammar, { open, close, begun }: Thought): Grammar {
  const all = new Map<string, Expression>(rules);
  const gap = repeat(text('\n'), 0, 2);
  const thought = sequence(until(close, all), gap, root);
  return { root: begun ? thought : choice(sequence(open, thought), root), rules: all };
}
