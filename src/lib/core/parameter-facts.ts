/** The parameters that a preset may set: Ollama's names, in words, with what each may be. */
import * as m from '#core/messages/parameters';
import { parameterKind } from '#core/parameters';

export interface ParameterFact {
  name: string;
  kind: 'integer' | 'number' | 'text' | 'choice';
  /** Of a choice: what it may be. */
  choices?: readonly string[];
  least?: number;
  most?: number;
  /** What holds where nobody sets it; in the spoken language, as `about` is. */
  readonly usual: string;
  /** What it does, in a sentence. */
  readonly about: string;
}

/** @param usual a value, or a word for one */
function fact(
  name: string,
  usual: string | (() => string),
  about: () => string,
  least?: number,
  most?: number,
): ParameterFact {
  const known = parameterKind(name);
  const what = Array.isArray(known)
    ? { kind: 'choice' as const, choices: known }
    : { kind: kindOf(known), least, most };
  return {
    name,
    ...what,
    get usual() {
      return typeof usual === 'string' ? usual : usual();
    },
    get about() {
      return about();
    },
  };
}

function kindOf(known: ReturnType<typeof parameterKind>): ParameterFact['kind'] {
  if (known === 'integer') return known;
  return known === 'float32' ? 'number' : 'text';
}

/** In the order in which they are offered. Source of names, types and defaults: ollama, api/types.go. */
export const PARAMETERS: readonly ParameterFact[] = [
  fact('temperature', '0.8', m.parameters_about_temperature, 0, 2),
  fact('num_ctx', m.parameters_automatic, m.parameters_about_num_ctx, 4),
  fact('num_predict', '-1', m.parameters_about_num_predict, -1),
  fact('stop', m.parameters_none, m.parameters_about_stop),
  fact('top_p', '0.9', m.parameters_about_top_p, 0, 1),
  fact('top_k', '40', m.parameters_about_top_k, 0),
  fact('min_p', '0', m.parameters_about_min_p, 0, 1),
  fact('typical_p', '1', m.parameters_about_typical_p, 0, 1),
  fact('seed', '-1', m.parameters_about_seed),
  fact('repeat_penalty', '1', m.parameters_about_repeat_penalty, 0, 2),
  fact('repeat_last_n', '64', m.parameters_about_repeat_last_n, -1),
  fact('presence_penalty', '0', m.parameters_about_presence_penalty, -2, 2),
  fact('frequency_penalty', '0', m.parameters_about_frequency_penalty, -2, 2),
  fact('num_keep', '4', m.parameters_about_num_keep, -1),
  fact('num_thread', m.parameters_automatic, m.parameters_about_num_thread, 0, 64),
  fact('num_batch', '512', m.parameters_about_num_batch, 1),
  fact('num_gpu', '-1', m.parameters_about_num_gpu, -1),
  fact('kv_cache_type', 'f16', m.parameters_about_kv_cache_type),
];

const BY_NAME = new Map(PARAMETERS.map((one) => [one.name, one]));

export function parameterFact(name: string): ParameterFact | undefined {
  return BY_NAME.get(name);
}

/** What is wrong with `text` as the value of `name`; null: nothing. A parameter that is not known may be any text. */
export function parameterFault(name: string, text: string): string | null {
  const known = BY_NAME.get(name);
  if (text === '') return m.parameters_no_value();
  if (!known || known.kind === 'text') return null;
  if (known.choices) {
    const either = (one: string, other: string) => m.parameters_either({ one, other });
    if (known.choices.includes(text)) return null;
    return m.parameters_must_be({ choices: known.choices.reduce(either) });
  }
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return m.parameters_must_number();
  if (known.kind === 'integer' && !Number.isInteger(value)) return m.parameters_must_whole();
  const { least = -Infinity, most = Infinity } = known;
  if (value >= least && value <= most) return null;
  if (most === Infinity) return m.parameters_must_least({ least });
  return least === -Infinity
    ? m.parameters_must_most({ most })
    : m.parameters_must_between({ least, most });
}

/** The value that `text` means: a number, true or false, or itself. */
export function parameterValue(name: string, text: string): string | number | boolean {
  const kind = BY_NAME.get(name)?.kind;
  if (kind === 'text' || kind === 'choice') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : text;
}
