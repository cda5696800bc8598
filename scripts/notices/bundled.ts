/** Which packages end up in the site, found by bundling what the sources import. */
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin, type Rollup } from 'vite';
import { filesUnder } from '../post-build/site-files.ts';

/** What compiled components and Kit's own runtime import, beside what the sources name. */
const IMPLIED = ['svelte/internal/client', 'devalue', '@sveltejs/kit/internal'];

const IMPORTED = /(?:from\s*|import\s*\(?\s*)['"]((?:@[\w-]+\/)?[a-z][^'"]*)['"]/g;
const TYPE_ONLY = /import type[^;]*;/g;
const NOT_PACKAGES = /^(svelte-kit|virtual:|node:|\$)/;

function specifiers(): string[] {
  const found = new Set(IMPLIED);
  for (const folder of ['src', 'workers']) {
    for (const file of filesUnder(folder).filter((name) => /\.(js|ts|svelte)$/.test(name))) {
      const source = readFileSync(`${folder}/${file}`, 'utf8').replace(TYPE_ONLY, '');
      for (const match of source.matchAll(IMPORTED)) found.add(match[1] ?? '');
    }
  }
  return [...found].filter((name) => !NOT_PACKAGES.test(name)).sort();
}

function packageOf(path: string): string | null {
  const rest = path.split('/node_modules/').at(-1);
  if (!rest || rest === path) return null;
  return rest.split('/', rest.startsWith('@') ? 2 : 1).join('/');
}

const ENTRY = 'virtual:everything';

/** A module that keeps all of what is imported. */
function everything(names: string[]): Plugin {
  return {
    name: 'paddock-notices',
    resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : null),
    load: (id) =>
      id === `\0${ENTRY}`
        ? names.map((name, at) => `export * as part${at} from '${name}';`).join('\n')
        : null,
  };
}

/** Names of the packages, in order. */
export async function bundledPackages(): Promise<string[]> {
  const names = specifiers();
  // A file taken by its address (`…?url`) is copied, not bundled.
  const [copied, imported] = [true, false].map((url) =>
    names.filter((n) => n.includes('?') === url),
  );
  const result = (await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [everything(imported ?? []), svelte({ configFile: false })],
    resolve: { conditions: ['browser', 'svelte', 'module', 'import'] },
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: ENTRY, preserveEntrySignatures: 'strict' },
    },
  })) as Rollup.RollupOutput;
  const packages = new Set((copied ?? []).map((name) => packageOf(`/node_modules/${name}`)));
  for (const part of result.output) {
    if (part.type === 'chunk') for (const id of part.moduleIds) packages.add(packageOf(id));
  }
  // Kit's runtime for the browser is bundled by Kit itself.
  packages.add('@sveltejs/kit');
  return [...packages].filter((name) => name !== null).sort();
}
