import { loadLate } from '$lib/client/late';

/** The examples: each is a file that is run, and whose text, as it stands there, is what is shown. */

/** What an example is about; its file is named so. */
export type Task = 'chat' | 'structured' | 'tools' | 'embeddings' | 'models';

export const CLIENTS = ['fetch', 'ollama', 'openai'] as const;
export type Client = (typeof CLIENTS)[number];

/** What the first lines of the text declare. */
export interface Given {
  /** The site's address, without a slash at its end. */
  base: string;
  model: string;
  prompt: string;
}

/** `fetch` and `print` stand for the page's own `fetch` and for `console.log`. */
export type Example = (
  given: Given & { fetch: typeof fetch; print(text: string): void },
) => Promise<void>;

const texts = import.meta.glob<string>('./examples/*/*.js', {
  eager: true,
  query: '?raw',
  import: 'default',
});

const load: Record<Client, () => Promise<{ examples: Record<string, Example> }>> = {
  fetch: () => import('./examples/fetch/all'),
  ollama: () => import('./examples/ollama/all'),
  openai: () => loadLate('openai', () => import('./examples/openai/openai.late')),
};

/** The example as it is run; the client's package comes with it. */
export async function exampleOf(client: Client, task: Task): Promise<Example> {
  return (await load[client]()).examples[`./${task}.js`]!;
}

/** The example as a person would write it: with what it is given, without the function around it. */
export function exampleText(client: Client, task: Task, given: Given): string {
  return unwrapped(texts[`./examples/${client}/${task}.js`]!, given);
}

/** The parts of an example's file. */
const FILE =
  /^(?<imports>(?:import .*\n)*)\n?\/\*\*.*\*\/\nexport default async \(.*\) => \{\n(?<body>[^]*)\n\};\n$/;

/** @throws Error for a file of another form */
export function unwrapped(file: string, given: Given): string {
  const { imports, body } = FILE.exec(file)?.groups ?? {};
  if (imports === undefined || body === undefined) throw new Error('An example has another form.');
  const declared = [
    ...Object.entries(given).map(([name, value]) => [name, quoted(value as string)] as const),
    ['print', 'console.log'] as const,
  ]
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(body))
    .map(([name, value]) => `const ${name} = ${value};\n`);
  return [imports, declared.join(''), body.replace(/^ {2}/gm, '') + '\n']
    .filter((part) => part !== '')
    .join('\n');
}

/** As a JavaScript string, in the examples' own quotes where it needs no escapes. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  return /['\\]/.test(json) || json.slice(1, -1).includes('"') ? json : `'${text}'`;
}
