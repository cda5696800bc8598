/** Messages of the inlang format as TypeScript: the functions are Paraglide's, what is around them is ours. */
import { compileMessage } from '@inlang/paraglide-js';
import format from '@inlang/plugin-message-format';

type Declarations = Parameters<typeof compileMessage>[0];

export interface Compiled {
  key: string;
  /** The names of what the message is given. */
  inputs: string[];
  /** A function expression: `(i) => string`, in TypeScript. */
  code: string;
  /** It has `{#name}…{/name}` in it, so the function has `parts` too. */
  marked: boolean;
}

/** What `json`, one file of messages in `locale`, says. @throws Error where a message is not of the format */
export async function compileFile(json: string, locale: string): Promise<Compiled[]> {
  const read = await format.importFiles({
    files: [{ locale, content: Buffer.from(json) }],
    settings: { baseLocale: locale, locales: [locale] },
  });
  return read.bundles.map((bundle) => {
    const message = read.messages.find(({ bundleId }) => bundleId === bundle.id);
    const variants = read.variants.filter(({ messageBundleId }) => messageBundleId === bundle.id);
    if (!message || variants.length === 0)
      throw new Error(`${bundle.id} says nothing in ${locale}.`);
    const { code } = compileMessage(bundle.declarations, message, variants);
    return asTypeScript(bundle.id, bundle.declarations, code);
  });
}

function asTypeScript(key: string, declarations: Declarations, code: string): Compiled {
  const inputs = declarations.filter(({ type }) => type === 'input-variable');
  // JSDoc casts say nothing in TypeScript, and name types of a runtime that is not here.
  const plain = code.replaceAll(/\/\*\* @type .*? \*\/ (?=[("])/g, '').replace(/;$/, '');
  const marked = plain.includes('parts:');
  return { key, inputs: inputs.map(({ name }) => name), code: plain, marked };
}

/** `{ count: Value }`, or `void` for a message that is given nothing. */
function inputType({ inputs }: Compiled): string {
  return inputs.length === 0 ? 'void' : `{ ${inputs.map((name) => `${name}: Value`).join('; ')} }`;
}

const HEAD = (from: string) => `// Generated from ${from} by \`npm run messages\`.\n`;

/** The module of an area: a function for each message, English inside, the chosen language when it is called. */
export function areaModule(source: string, messages: Compiled[]): string {
  const marked = messages.some((message) => message.marked);
  const body = messages.map((message) => {
    const maker = message.marked ? 'markedMessage' : 'message';
    const type = inputType(message);
    return `export const ${message.key} = /* @__PURE__ */ ${maker}<${type}>('${message.key}', ${typed(message, type)});`;
  });
  return [
    HEAD(source),
    "import { message, type Part, type Value } from '../language';",
    ...(marked ? ["import { markedMessage } from '../marked-message';"] : []),
    ...registryImport(messages),
    ...body,
    '',
  ].join('\n');
}

/** The module of a language other than English: all of its messages by their keys. */
export function catalogueModule(locale: string, messages: Compiled[]): string {
  const body = messages.map((message) => `  ${message.key}: ${typed(message, 'Inputs')},`);
  return [
    HEAD(`messages/${locale}`),
    `import type { Catalogue, Inputs, Part } from '../language';`,
    ...registryImport(messages),
    'export const catalogue: Catalogue = {',
    ...body,
    '};',
    '',
  ].join('\n');
}

/** Where the types of arguments do not follow from the place, they are written. */
function typed({ code, marked }: Compiled, type: string): string {
  if (!marked) return code;
  const withInputs = code.replaceAll('((i) =>', `((i: ${type}) =>`);
  return withInputs.replace(/(parts: \(\([^)]*\)) =>/, '$1: Part[] =>');
}

function registryImport(messages: Compiled[]): string[] {
  const used = messages.some(({ code }) => code.includes('registry.'));
  return used ? ["import * as registry from '../message-registry';"] : [];
}
