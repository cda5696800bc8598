/** Options of a chat as a person writes them, and back. */
import type { ChatOptions } from '#core/chat-setup';
import { parameterFact, parameterFault } from '#core/parameter-facts';

/** A field's text; a list has a line each. */
export function optionText(value: ChatOptions[string] | undefined): string {
  if (value === undefined) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/** What is wrong with it; null: nothing, or nothing is written. */
export function optionFault(name: string, text: string): string | null {
  return text.trim() === '' || name === 'stop' ? null : parameterFault(name, text.trim());
}

/** `options` with what is written of `name`; nothing, or a faulty text, takes it out. */
export function withOption(options: ChatOptions, name: string, text: string): ChatOptions {
  const others = Object.fromEntries(Object.entries(options).filter(([key]) => key !== name));
  if (text.trim() === '' || optionFault(name, text) !== null) return others;
  return { ...others, [name]: optionValue(name, text) };
}

function optionValue(name: string, text: string): number | string | string[] {
  const kind = parameterFact(name)?.kind;
  if (kind === 'choice') return text;
  if (kind !== 'text') return Number(text);
  return text.split('\n').filter((line) => line !== '');
}

/** Values that the model brings, of `/api/show`'s lines: what holds where a chat sets nothing. */
export function modelDefaults(parameters = ''): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of parameters.split('\n')) {
    const [, name = '', value = ''] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === '') continue;
    const text = value.replace(/^"(.*)"$/, '$1');
    const before = values.get(name);
    values.set(name, before === undefined ? text : `${before}, ${text}`);
  }
  return values;
}
