/** Areas whose words have all moved to `messages`: nothing that a person reads is written in their source. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';

/** Files and folders; one that is moved is added here. */
const MOVED = [
  'lib/core/activity-words.ts',
  'lib/core/keys.ts',
  'lib/state/chat-groups.ts',
  'lib/state/tour.svelte.ts',
  'lib/ui/commands',
  'lib/ui/shell',
  'lib/ui/tour',
  'routes/+error.svelte',
  'routes/+layout.svelte',
  ...'flag-words import narrate set-words step-words'
    .split(' ')
    .map((name) => `lib/core/bench/${name}.ts`),
  'lib/core/exchange/left-out.ts',
  ...'groups graphics-lines line remedies report-text verdict webgpu-remedies'
    .split(' ')
    .map((name) => `lib/core/diagnosis/${name}.ts`),
  'lib/core/sentences.ts',
  ...'capability engine fit ladder pull'.split(' ').map((name) => `lib/core/${name}-words.ts`),
  'lib/core/parameter-facts.ts',
  'lib/core/preset.ts',
  'lib/core/format-words.ts',
  'lib/core/format.ts',
  'lib/state/disk-import.svelte.ts',
  'lib/state/library-file.svelte.ts',
  'lib/state/storekeeping.svelte.ts',
  'lib/ui/api',
  'lib/ui/bench',
  'lib/ui/common',
  'lib/ui/diagnostics',
  'lib/ui/exchange',
  'lib/ui/models',
  'routes/bench',
  'routes/models',
  'routes/developers',
  'routes/diagnostics',
  'lib/ui/privacy',
  'lib/ui/settings',
  'routes/privacy',
  'routes/settings',
];

/** What a file says that others read: English, whatever the page speaks. */
const WRITERS = new Set(['src/lib/ui/exchange/chat-html.ts']);

/** The same in every language. */
const NAMES = new Set([
  ...'Android Brave Chrome Chromium Edge Firefox Linux Opera Safari Windows'.split(' '),
  ...[
    'Markdown',
    'Paddock',
    '· Paddock',
    'WebGPU',
    'WebLLM',
    'npm install ollama',
    'npm install openai',
  ],
]);

/** What attributes say to a person. All others are for the machine. */
const SPOKEN_ATTRIBUTES = new Set(
  'alt aria-description aria-label aria-roledescription aria-valuetext label placeholder text title'.split(
    ' ',
  ),
);

interface Node {
  type: string;
  [key: string]: unknown;
}

/** A key, alone or behind the ones that are held with it, as `core/keys` and events name it. */
const KEY =
  /^((Mod|Alt|Shift)\+)*(Alt|Arrow(Up|Down|Left|Right)|Control|End|Enter|Esc|Escape|Home|Key|Meta|Mod|Shift|Tab|.)$/;

/** Two words, or one with a capital: what a program calls its things is neither. */
function isSpoken(text: string): boolean {
  const words = text.trim();
  if (/var\(--|\dpx\b/.test(words)) return false; // of a style
  return !NAMES.has(words) && !KEY.test(words) && /\p{L} +\p{L}|^\p{Lu}\p{Ll}/u.test(words);
}

/** What a person would read of `source`, a component or a module. */
function spokenIn(source: string, file: string): string[] {
  const component = file.endsWith('.svelte') ? source : `<script lang="ts">${source}</script>`;
  const root = parse(component, { modern: true });
  const found: string[] = [];
  const take = (text: string) => {
    if (isSpoken(text)) found.push(text.trim());
  };
  const visit = (node: Node, parent?: Node): void => {
    switch (node.type) {
      case 'Text':
        // Of markup, every word; of an attribute, where it is one that is read.
        if (parent?.type !== 'Attribute' && /\p{L}/u.test(String(node.data))) {
          if (!NAMES.has(String(node.data).trim())) found.push(String(node.data).trim());
        } else if (parent && SPOKEN_ATTRIBUTES.has(String(parent.name))) take(String(node.data));
        return;
      case 'Literal':
        if (typeof node.value === 'string') take(node.value);
        return;
      case 'TemplateElement':
        take((node.value as { cooked: string }).cooked);
        return;
      case 'CallExpression':
        if (isForMachine(node)) return;
        break;
      // What is thrown is for the console, types and imports are for nobody, and a style has no words.
      case 'ThrowStatement':
      case 'ImportDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSInterfaceDeclaration':
      case 'TSLiteralType':
      case 'StyleDirective':
      case 'StyleSheet':
        return;
      // A key is the program's, such as a status of Ollama's that is looked up.
      case 'Property':
        visit(node.value as Node, node);
        return;
      case 'Attribute':
        if (node.name === 'class' || node.name === 'style') return;
    }
    for (const [key, child] of Object.entries(node)) {
      if (key === 'loc' || key === 'comments') continue;
      for (const each of Array.isArray(child) ? child : [child]) {
        if (isNode(each)) visit(each, node);
      }
    }
  };
  visit(root as unknown as Node);
  return found;
}

/** `console.warn(…)`, what is looked for by a selector, and what a drag brings: `types.includes('Files')`. */
function isForMachine({ callee }: Node): boolean {
  const { object, property } = callee as { object?: Node; property?: Node };
  const of = (object?.property as Node | undefined)?.name ?? object?.name;
  const called = String(property?.name);
  return of === 'console' || of === 'types' || /^(querySelector|closest|matches)/.test(called);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function filesOf(place: string): string[] {
  const full = path.join('src', place);
  if (statSync(full).isFile()) return [full];
  const inside = readdirSync(full, { recursive: true, encoding: 'utf8' });
  return inside.filter((name) => /\.(svelte|ts)$/.test(name)).map((name) => path.join(full, name));
}

test.each(MOVED.flatMap(filesOf).filter((file) => !WRITERS.has(file)))(
  '%s has no words of its own',
  (file) => {
    expect(spokenIn(readFileSync(file, 'utf8'), file)).toEqual([]);
  },
);

describe('a word is found', () => {
  test.each([
    ['<p>late</p>', ['late']],
    ['<p title="Late">{m.x()}</p>', ['Late']],
    ['<Table label="Some rows" id="rows" />', ['Some rows']],
    ['<p>{busy ? "Measuring…" : m.x()}</p>', ['Measuring…']],
    ['<p>{`${n} of all`}</p>', ['of all']],
    ['<script>const TABS = ["Two words", "id"];</script>', ['Two words']],
    ['<p>{key === "Enter" ? keys("Mod+Shift+O") : warn("No luck")}</p>', ['No luck']],
    ['<script>console.warn("For nobody:", list.querySelector("li a"));</script>', []],
    ['<p class="one two">{m.x()} · {m.y()}</p><style>p { color: red }</style>', []],
  ])('%s', (source, words) => {
    expect(spokenIn(source, 'x.svelte')).toEqual(words);
  });
});
