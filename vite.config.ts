import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { connectSources } from './connect-src.js';
import { firstPage } from './first-page.ts';
import { lateParts } from './late-parts.ts';
import packageJson from './package.json' with { type: 'json' };

/** Isolation in `vite dev` too, so that threads work as they do on a configured host. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The tests of updates deploy a second build. */
const version = packageJson.version + (process.env.PADDOCK_BUILD === 'next' ? '-next' : '');

/** For diagnostics: exact, as all versions in package.json are. */
const { dependencies } = packageJson;
const engines = {
  webllm: dependencies['@mlc-ai/web-llm'],
  wllama: dependencies['@wllama/wllama'],
};

export default defineConfig({
  plugins: [sveltekit(), firstPage(), lateParts()],
  // `ollama/browser` brings a fetch for browsers that have none; none of ours is so old, and it weighs 3 kB.
  // The icons are drawn by our own component, 2 kB lighter than theirs.
  resolve: {
    alias: {
      '../Icon.svelte': fileURLToPath(new URL('src/lib/ui/common/Icon.svelte', import.meta.url)),
      'whatwg-fetch': fileURLToPath(new URL('src/lib/client/no-polyfill.ts', import.meta.url)),
    },
  },
  worker: { format: 'es' },
  define: {
    __PADDOCK_VERSION__: JSON.stringify(version),
    __PADDOCK_ENGINES__: JSON.stringify(engines),
    __PADDOCK_CONNECT_SRC__: JSON.stringify(connectSources),
    __PADDOCK_STARTER__: process.env.PADDOCK_STARTER ?? 'undefined',
  },
  // What a file weighs is for `npm run check:size` to say; gzip of each takes a quarter of a build's time.
  build: {
    target: 'es2022',
    reportCompressedSize: false,
    // Svelte does not say so itself; what only later pages use of it would weigh on the first.
    rolldownOptions: {
      treeshake: {
        moduleSideEffects: [{ test: /\/svelte\/src\/internal\/client\//, sideEffects: false }],
      },
    },
  },
  // Kit allows src and node_modules only.
  server: { headers: isolation, fs: { allow: ['workers', 'package.json'] } },
});
