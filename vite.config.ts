import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import packageJson from './package.json' with { type: 'json' };

/** Isolation in `vite dev` too, so that threads work as they do on a configured host. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  plugins: [sveltekit()],
  worker: { format: 'es' },
  define: { __PADDOCK_VERSION__: JSON.stringify(packageJson.version) },
  build: { target: 'es2022' },
  // Kit allows src and node_modules only.
  server: { headers: isolation, fs: { allow: ['workers', 'package.json'] } },
});
