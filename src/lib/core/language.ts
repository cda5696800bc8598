/**
 * Which language is spoken. The modules of `core/messages` have their English inside; another language is a catalogue
 * that the page loads when it is chosen. A worker chooses none: the API speaks English, as Ollama's does.
 */
import type { LanguageTag } from './languages';

export type Value = string | number;
export type Inputs = Record<string, Value>;

/** A piece of a message with `{#name}…{/name}` in it. */
export type Part =
  | { type: 'text'; value: string }
  | {
      type: 'markup-start' | 'markup-end' | 'markup-standalone';
      name: string;
      /** Both of the format, and not used. */
      options: object;
      attributes: object;
    };

type Say<I> = (inputs: I) => string;

export interface Marked<I> extends Say<I> {
  parts: (inputs: I) => Part[];
}

/** Messages by their keys. */
export type Catalogue = Record<string, Say<Inputs> | Marked<Inputs>>;

export interface Language {
  /** As in `<html lang>`. */
  tag: LanguageTag;
  /** Of figures, as `Intl` names it. */
  numbers: string;
  dates: string;
  /** None: English. */
  catalogue?: Catalogue;
}

export const ENGLISH: Language = { tag: 'en', numbers: 'en-US', dates: 'en-GB' };

let chosen = () => ENGLISH;

/** The language of what is said from here on. */
export function spoken(): Language {
  return chosen();
}

/** Has `choice` asked at each word: where it reads a signal, what was said is said anew when that changes. */
export function speakBy(choice: () => Language): void {
  chosen = choice;
}

/** What `say` says, in English: of a file that others read, or of the English words that somebody looks for. */
export function inEnglish<T>(say: () => T): T {
  const before = chosen;
  chosen = () => ENGLISH;
  try {
    return say();
  } finally {
    chosen = before;
  }
}

/** The message `key`: in the chosen language, and in English where that lacks it. */
export function message<I>(key: string, english: Say<I>): Say<I> {
  return (inputs) => ((chosen().catalogue?.[key] as Say<I> | undefined) ?? english)(inputs);
}
