/** The packages `ollama` and `openai` on a page, as a script of the site's own origin would have them. */
import { build, type Rollup } from 'vite';
import type { Page } from '@playwright/test';
import type { Ollama } from 'ollama/browser';
import type OpenAI from 'openai';

declare global {
  /** Both ask this page's site; neither tries again. */
  var clients: { ollama: Ollama; openai: OpenAI };
}

const ENTRY = 'virtual:clients';

const SOURCE = `
import { Ollama } from 'ollama/browser';
import OpenAI from 'openai';
const site = new URL('.', document.baseURI).href.replace(/\\/$/, '');
globalThis.clients = {
  ollama: new Ollama({ host: site }),
  openai: new OpenAI({ baseURL: site + '/v1', apiKey: 'none', maxRetries: 0, dangerouslyAllowBrowser: true }),
};`;

let bundle: Promise<string> | undefined;

async function bundled(): Promise<string> {
  const made = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: ENTRY, output: { format: 'iife' } },
    },
    plugins: [
      {
        name: 'clients',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? SOURCE : null),
      },
    ],
  })) as Rollup.RollupOutput;
  return made.output[0].code;
}

/** Makes `globalThis.clients`; the page's policy does not hold for what a test evaluates. */
export async function withClients(page: Page): Promise<void> {
  bundle ??= bundled();
  await page.evaluate(await bundle);
}
