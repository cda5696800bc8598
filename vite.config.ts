import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** Isolation in `vite dev` too, so that threads work as they do on a configured host. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  plugins: [sveltekit()],
  worker: { format: 'es' },
  build: { target: 'es2022' },
  server: { headers: isolation },
});
