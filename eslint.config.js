import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** What a folder's components may not import: the arrows of docs/architecture.md; modules' are in .oxlintrc.jsonc. */
function arrows(files, regex, message) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
  };
}

/** Components and modules with runes. All other modules, and what needs types, are oxlint's: it is 30 times as fast. */
export default ts.config(
  { ignores: ['.svelte-kit/', 'build/', 'build-*/', '**/*.js', '**/*.ts', '!**/*.svelte.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: ts.parser, svelteConfig },
    },
    rules: {
      // TypeScript checks names, and knows each environment's.
      'no-undef': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-ignore': true, 'ts-expect-error': true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Links are relative to the deployed folder through `$app/paths` where they need to be.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  arrows(['src/lib/ui/**'], '(^|/)(routes|workers)(/|$)', 'ui imports state and below.'),
  arrows(['src/routes/**'], '(^|/)workers(/|$)', 'A page reaches workers through client.'),
);
