/** The parameters that a preset may set: Ollama's names, in words, with what each may be. */
import { parameterKind } from '#core/parameters';

export interface ParameterFact {
  name: string;
  kind: 'integer' | 'number' | 'text' | 'choice';
  /** Of a choice: what it may be. */
  choices?: readonly string[];
  least?: number;
  most?: number;
  /** What holds where nobody sets it. */
  usual: string;
  /** What it does, in a sentence. */
  about: string;
}

function fact(
  name: string,
  usual: string,
  about: string,
  least?: number,
  most?: number,
): ParameterFact {
  const known = parameterKind(name);
  if (Array.isArray(known)) return { name, kind: 'choice', choices: known, usual, about };
  const kind = known === 'integer' ? known : known === 'float32' ? 'number' : 'text';
  return { name, kind, usual, about, least, most };
}

/** In the order in which they are offered. Source of names, types and defaults: ollama, api/types.go. */
export const PARAMETERS: readonly ParameterFact[] = [
  fact('temperature', '0.8', 'Higher is more varied, 0 is the same every time.', 0, 2),
  fact('num_ctx', 'automatic', 'Tokens of context; more takes more memory.', 4),
  fact('num_predict', '-1', 'Most tokens of a reply; -1 has no limit.', -1),
  fact('stop', 'none', 'A reply ends before this text; set it again for another.'),
  fact('top_p', '0.9', 'Keeps the likeliest words that make up this share.', 0, 1),
  fact('top_k', '40', 'Keeps so many of the likeliest words; 0 keeps all.', 0),
  fact('min_p', '0', 'Drops words below this share of the likeliest one.', 0, 1),
  fact('typical_p', '1', 'Keeps words that are as likely as expected; 1 keeps all.', 0, 1),
  fact('seed', '-1', 'The same number gives the same reply; -1 a new one each time.'),
  fact('repeat_penalty', '1', 'Above 1 makes repeated words less likely.', 0, 2),
  fact('repeat_last_n', '64', 'Tokens back that count as repeated; -1: all.', -1),
  fact('presence_penalty', '0', 'Above 0 favours words not used yet.', -2, 2),
  fact('frequency_penalty', '0', 'Above 0 disfavours words by how often they came.', -2, 2),
  fact('num_keep', '4', 'Tokens kept from the start when the context is full.', -1),
  fact('num_thread', 'automatic', 'Threads on the CPU; 0 is automatic.', 0, 64),
  fact('num_batch', '512', 'Tokens of a prompt at once, in llama.cpp.', 1),
  fact(
    'num_gpu',
    '-1',
    '0 keeps to the CPU; -1 is automatic; more takes any graphics adapter, a software one too.',
    -1,
  ),
  fact('kv_cache_type', 'f16', 'How the context is kept: q8_0 takes half the memory.'),
];

const BY_NAME = new Map(PARAMETERS.map((one) => [one.name, one]));

export function parameterFact(name: string): ParameterFact | undefined {
  return BY_NAME.get(name);
}

/** What is wrong with `text` as the value of `name`; null: nothing. A parameter that is not known may be any text. */
export function parameterFault(name: string, text: string): string | null {
  const known = BY_NAME.get(name);
  if (text === '') return 'It has no value.';
  if (!known || known.kind === 'text') return null;
  if (known.choices) {
    return known.choices.includes(text) ? null : `It must be ${known.choices.join(' or ')}.`;
  }
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'It must be a number.';
  if (known.kind === 'integer' && !Number.isInteger(value)) return 'It must be a whole number.';
  const { least = -Infinity, most = Infinity } = known;
  if (value < least || value > most) return `It must be ${range(known)}.`;
  return null;
}

function range({ least, most }: ParameterFact): string {
  if (most === undefined) return `${least} or more`;
  return least === undefined ? `${most} or less` : `between ${least} and ${most}`;
}

/** The value that `text` means: a number, true or false, or itself. */
export function parameterValue(name: string, text: string): string | number | boolean {
  const kind = BY_NAME.get(name)?.kind;
  if (kind === 'text' || kind === 'choice') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : text;
}
