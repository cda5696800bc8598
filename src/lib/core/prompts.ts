/** Texts that `/` brings into the composer. */

export interface Prompt {
  name: string;
  text: string;
}

const VARIABLE = /\{\{\s*([^{}\n]{1,60}?)\s*\}\}/g;

/** Names of what a text asks for, each once, in their order. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))];
}

/** The text with its values; what stands in a value is no variable. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  );
}

/** What is looked for where a message is `/` and the beginning of a name; null: it is none. */
export function queryOf(message: string): string | null {
  return /^\/(\S*)$/.exec(message)?.[1]?.toLowerCase() ?? null;
}

/** Those with a name, or a word of it, that begins so; by name. */
export function matching<P extends Prompt>(prompts: readonly P[], query: string): P[] {
  return prompts
    .filter(({ name }) =>
      name
        .toLowerCase()
        .split(/[\s-]+/)
        .some((word, at, all) => all.slice(at).join('-').startsWith(query) && word !== ''),
    )
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** As a name is kept: what is typed behind `/` has no spaces. */
export function promptName(typed: string): string {
  return typed.trim().replace(/^\/+/, '').replace(/\s+/g, '-').slice(0, 40);
}

/** Offered where there are none, and kept when somebody saves them. */
export const EXAMPLES: readonly Prompt[] = [
  {
    name: 'summarise',
    text: 'Summarise this in {{how many}} sentences, and name what it leaves open:\n\n{{text}}',
  },
  {
    name: 'translate',
    text: 'Translate into {{language}}. Keep the tone, and answer with the translation alone.\n\n{{text}}',
  },
  {
    name: 'explain',
    text: 'Explain what this does, step by step, and name what may go wrong:\n\n{{code}}',
  },
];
