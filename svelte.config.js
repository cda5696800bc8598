import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { connectSources } from './connect-src.js';

const test = process.argv.includes('test') && process.argv.includes('--mode');
const outDir = process.env.PADDOCK_OUT_DIR ?? (test ? 'build-test' : 'build');

// Vite's error overlay parses HTML from strings.
const trustedTypes = !process.argv.includes('dev') && {
  'require-trusted-types-for': ['script'],
  'trusted-types': ['default', 'dompurify', 'svelte-trusted-html', 'sveltekit-trusted-url'],
};

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ pages: outDir, assets: outDir, fallback: '404.html' }),
    // A demo brings its own v2/ (scripts/demo.ts).
    files: { assets: process.env.PADDOCK_STATIC_DIR ?? 'static' },
    // Relative paths let one build be served from any folder; only 404.html needs the base.
    paths: { base: process.env.PADDOCK_BASE_PATH ?? '', relative: true },
    // Bytes: small sheets travel in the page, so that its first paint waits for no second request.
    inlineStyleThreshold: 16_384,
    serviceWorker: { register: false },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        // Svelte sets positions and widths through style attributes.
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self'],
        'connect-src': ['self', ...connectSources],
        'worker-src': ['self'],
        'manifest-src': ['self'],
        'frame-src': ['none'],
        'object-src': ['none'],
        'base-uri': ['none'],
        'form-action': ['none'],
        ...trustedTypes,
      },
    },
  },
};
