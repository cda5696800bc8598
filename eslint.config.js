import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** What a folder may not import: the arrows of docs/architecture.md. */
function arrows(files, forbidden, message) {
  const group = forbidden.flatMap((place) => [place, `${place}/**`]);
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
  };
}

const workersFolder = ['**/workers'];
const page = ['$lib', '$app', 'svelte', '**/client', '**/storage', '**/state', '**/ui'];

export default ts.config(
  {
    ignores: [
      '.svelte-kit/',
      'build/',
      'build-*/',
      'node_modules/',
      'static/',
      // Made by `npm run messages`.
      'src/lib/core/messages/',
      // AssemblyScript: another language that looks like TypeScript.
      'workers/runner/engines/paddock/kernels/assembly/',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.worker, ...globals.node },
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.js', 'vitest.config.ts', 'playwright.config.ts'],
        },
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      // TypeScript checks names, and knows each environment's.
      'no-undef': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-ignore': true, 'ts-expect-error': true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Interfaces promise a promise also where one implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Interfaces are written with methods, and met by objects that have no `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // Links are relative to the deployed folder through `$app/paths` where they need to be.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    // What other components export, and the markup, is typed by svelte-check; here it looks untyped.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },

  // routes → ui → state → client, storage → core
  arrows(['src/lib/core/**'], [...page, '#store', ...workersFolder], 'core imports only core.'),
  arrows(
    ['src/lib/client/**'],
    ['**/state', '**/storage', '**/ui', ...workersFolder],
    'client imports only core.',
  ),
  arrows(
    ['src/lib/storage/**'],
    ['**/client', '**/state', '**/ui', ...workersFolder],
    'storage imports only core.',
  ),
  arrows(
    ['src/lib/state/**'],
    ['**/ui', '**/routes', ...workersFolder],
    'state imports client, storage and core.',
  ),
  arrows(['src/lib/ui/**'], ['**/routes', ...workersFolder], 'ui imports state and below.'),
  arrows(['src/routes/**'], workersFolder, 'A page reaches workers through client.'),
  arrows(
    ['src/service-worker/**'],
    ['$lib', '$app', 'svelte', ...workersFolder],
    'It stands alone.',
  ),
  // host, puller, runner → store → core
  arrows(
    ['workers/store/**'],
    [...page, '**/host', '**/puller', '**/runner'],
    'store imports only core.',
  ),
  arrows(['workers/host/**'], [...page, '**/puller', '**/runner'], 'host imports store and core.'),
  arrows(
    ['workers/puller/**'],
    [...page, '**/host', '**/runner'],
    'puller imports store and core.',
  ),
  arrows(
    ['workers/exchange/**'],
    [...page, '#store', '**/host', '**/puller', '**/runner'],
    'exchange imports only core.',
  ),
  arrows(
    ['workers/reading/**'],
    [...page, '#store', '**/host', '**/puller', '**/runner'],
    'reading imports only core.',
  ),
  arrows(
    ['workers/pdf/**'],
    [...page, '#store', '**/host', '**/puller', '**/runner'],
    'pdf imports only core.',
  ),
  arrows(
    ['workers/schema/**'],
    [...page, '#store', '**/host', '**/puller', '**/runner'],
    'schema imports only core.',
  ),
  arrows(
    ['workers/search/**'],
    ['$lib', '$app', 'svelte', '**/client', '**/state', '**/ui', '#store', '**/host', '**/runner'],
    'search imports storage and core: it reads what the page keeps.',
  ),
  arrows(
    ['workers/runner/**'],
    [...page, '**/host', '**/puller'],
    'runner imports store and core.',
  ),
);
