import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import {
  CHROMIUM_ARGS,
  chromiumPath,
  onBuildServer,
  REAL_GPU_ARGS,
  SWIFTSHADER_ARGS,
} from './scripts/chromium.ts';
import { redirectPlugin } from './tests/fixtures/redirect-plugin.ts';
import { fakeRegistryPlugin } from './tests/fixtures/registry-plugin.ts';
import { starterPlugin } from './tests/fixtures/starter-plugin.ts';
import { tinyMlcPlugin } from './tests/fixtures/tiny-mlc-plugin.ts';

const launchOptions = { executablePath: chromiumPath(), args: CHROMIUM_ARGS };

/** `PADDOCK_GPU=real`: the machine's own adapter. */
const gpuOptions = {
  executablePath: chromiumPath(),
  args: process.env.PADDOCK_GPU === 'real' ? REAL_GPU_ARGS : SWIFTSHADER_ARGS,
};

/** A busy machine may starve a test for a minute. */
const retry = onBuildServer() ? 1 : 0;

/** Set: the slowest cases run too. */
const PADDOCK_LONG = process.env.PADDOCK_LONG ?? '';

/** Threads share memory only in an isolated page. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte()],
        // Node would get Svelte's server build, whose runes do not react.
        resolve: {
          conditions: ['browser'],
          alias: { $lib: here('./src/lib'), '$app/paths': here('./tests/fixtures/app-paths.ts') },
        },
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/unit/**/*.test.ts'],
          setupFiles: ['tests/fixtures/kept-requests.ts'],
          // In `npm test` other steps run beside it.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          retry,
        },
      },
      {
        plugins: [svelte(), fakeRegistryPlugin(), redirectPlugin(), starterPlugin()],
        resolve: { alias: { $lib: here('./src/lib') } },
        worker: { format: 'es' },
        server: { headers: isolation },
        // Found late, they would reload the page in the middle of a test, and end a worker that imports them.
        optimizeDeps: {
          entries: ['workers/*/main.ts'],
          include: ['hash-wasm', 'idb', 'marked', 'dompurify', 'katex', '@mlc-ai/web-llm'],
        },
        test: {
          name: 'browser',
          env: { PADDOCK_LONG },
          include: ['tests/browser/**/*.test.ts'],
          // In `npm test` other steps run beside it.
          testTimeout: 30_000,
          retry,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        plugins: [starterPlugin(), tinyMlcPlugin()],
        worker: { format: 'es' },
        server: { headers: isolation },
        // As above: only workers import them, which are not looked through.
        optimizeDeps: { include: ['@huggingface/jinja', '@mlc-ai/web-llm'] },
        test: {
          name: 'gpu',
          env: { PADDOCK_LONG, PADDOCK_GPU: process.env.PADDOCK_GPU ?? '' },
          include: ['tests/gpu/**/*.test.ts'],
          // A load on a software adapter takes seconds.
          testTimeout: 60_000,
          retry,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: gpuOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
