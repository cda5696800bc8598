/**
 * What a repository's name says of its model, by rule; what rules cannot tell is data: `series.json`, as the models'
 * makers document it. Of models that `models.json` describes only the date is used.
 */
import type { Task } from './catalogue';
import list from './series.json';

export interface Series {
  /** The first words of its models' names, as `modelKey` spells them. */
  prefix: string;
  title: string;
  /** Year and month of the first of them. */
  released: string;
  about?: string;
  /** Tokens. */
  context?: number;
  /** In short; absent where it is not sure, or differs. */
  license?: string;
  /** Of single sizes. */
  licenses?: Record<string, string>;
  tasks?: Task[];
  /** Beside what every model of its kind has. */
  capabilities?: string[];
  /** By the size as the name has it; '' where the name has none. */
  parameters?: Record<string, number>;
}

/** What is known of a model by its repository's name. */
export interface NamedModel {
  series: Series;
  /** `Llama 3.2 1B` */
  title: string;
  /** As documented; where nobody says more, as the name has it. */
  parameters: number;
  license: string;
}

const SERIES = list as Series[];

/** Of an MLC build's name, or a GGUF repository's. */
const BUILD = /-(q\d\w*?f(16|32)(_\d)?-mlc|gguf)$/;
/** Words that tell a build, and not a model. */
const BUILD_WORDS = new Set(['bf16', 'hf']);
/** Words that a title can do without: what is listed was trained for chat, unless it says otherwise. */
const SILENT = /^(instruct|it|chat|v1(\.0)?|\d{4})$/;
const SIZE = /^e?(\d+(?:\.\d+)?)([bm])$/;

/**
 * What two builds of one model share, and no two models do: the words of `user/repo` without those of the build.
 * `llama-3.2-1b-instruct`, `gemma-3-1b-it` of `gemma3-1b-it-q4f16_1-MLC`.
 */
export function modelKey(repository: string): string {
  const name = repository.slice(repository.indexOf('/') + 1).toLowerCase();
  return name
    .replace(BUILD, '')
    .replaceAll('_', '.')
    .replace(/^([a-z]+)-?(?=\d)/, '$1-')
    .split('-')
    .filter((word) => !BUILD_WORDS.has(word))
    .join('-');
}

/** Of a key that `modelKey` made; null where no series has it. */
export function namedModel(key: string): NamedModel | null {
  const series = SERIES.filter(({ prefix }) => `${key}-`.startsWith(`${prefix}-`)).sort(
    (a, b) => b.prefix.length - a.prefix.length,
  )[0];
  if (!series) return null;
  const words = key.slice(series.prefix.length + 1).split('-');
  const shown = words.filter((word) => word && !SILENT.test(word));
  const sizes = ['', ...words];
  const documented = sizes.flatMap((word) => series.parameters?.[word] ?? []).at(-1);
  const license = words.flatMap((word) => series.licenses?.[word] ?? [])[0];
  return {
    series,
    title: [series.title, ...shown.map(asTitle)].join(' '),
    parameters: documented ?? sizeOf(words),
    license: license ?? series.license ?? 'See its page',
  };
}

/** `0.8b` as 800,000,000; 0 where no word is a size. */
function sizeOf(words: string[]): number {
  const found = words.flatMap((word) => SIZE.exec(word) ?? []);
  return found.length === 0 ? 0 : Number(found[1]) * (found[2] === 'b' ? 1e9 : 1e6);
}

function asTitle(word: string): string {
  if (SIZE.test(word)) return word.toUpperCase();
  return /^v\d/.test(word) ? word : word.charAt(0).toUpperCase() + word.slice(1);
}
