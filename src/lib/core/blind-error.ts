import type { WireError } from '#core/errors';
import { modelTitle } from '#core/starter';

/** Details that are about one model alone: its name, its other form, where its files are. */
const TELLING = new Set(['model', 'twin', 'url', 'tags']);

/**
 * An error as it may be read while nobody is to know which model it is about.
 * @param hidden the models' names; each is said as "this model" wherever it stands
 */
export function blindError({ code, message, detail }: WireError, hidden: string[]): WireError {
  const names = hidden.flatMap(spellings).sort((a, b) => b.length - a.length);
  const told = (text: string) =>
    names.reduce(
      (before, name) =>
        before.replace(standing(name), (_, at) => (at === 0 ? 'This model' : 'this model')),
      text,
    );
  const kept = Object.entries(detail ?? {})
    .filter(([key]) => !TELLING.has(key))
    .map(([key, value]) => [key, typeof value === 'string' ? told(value) : value] as const);
  return {
    ...{ code, message: told(message) },
    ...(kept.length > 0 && { detail: Object.fromEntries(kept) }),
  };
}

/** As the API, the page and files' paths have it: whole, without its tag, and without where it is from. */
function spellings(name: string): string[] {
  if (name === '') return [];
  const bare = name.replace(/:[^:/]*$/, '');
  const all = [name, bare, bare.slice(bare.lastIndexOf('/') + 1), modelTitle(name)];
  return all.filter((one) => one !== '');
}

/** Not within another word; quotes around it go too. */
function standing(name: string): RegExp {
  const text = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(
    `(?<![\\p{L}\\p{N}])["“']?${text}(?::[\\w.-]+)?["”']?(?![\\p{L}\\p{N}])`,
    'giu',
  );
}
