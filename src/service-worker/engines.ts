/** What engines consist of: too large for the first visit, needed offline once a model is here. */
import { keepFiles } from './keep-files';
import { address, cacheName, ownCaches, shell } from './shell';

/** llama.cpp's default build needs both; wllama looks in the same way. */
function isModern(): boolean {
  try {
    new WebAssembly.Memory({
      address: 'i64',
      initial: 1n,
    } as unknown as WebAssembly.MemoryDescriptor);
    return 'Suspending' in WebAssembly;
  } catch {
    return false;
  }
}

/** In the cache of a build whose engines were asked for: for which models. No file of a build is there. */
const ASKED = address('_engines');

/** Sees to it that this build's cache holds the engines; a file that cannot be had now is asked for again. */
export async function keepEngines(withMlc: boolean): Promise<void> {
  const { always, modern, compat, mlc } = shell.engines;
  const gguf = isModern() ? modern : compat;
  await (await caches.open(cacheName)).put(ASKED, new Response(withMlc ? 'mlc' : 'gguf'));
  await keepFiles([...always, ...gguf, ...(withMlc ? mlc : [])]);
}

/** As the builds before were asked to: a new one whose site is out of reach can run the models at once. */
export async function keepEnginesOfBefore(): Promise<void> {
  const asked: string[] = [];
  for (const name of (await ownCaches()).filter((name) => name !== cacheName)) {
    const mark = await (await caches.open(name)).match(ASKED);
    if (mark) asked.push(await mark.text());
  }
  if (asked.length > 0) await keepEngines(asked.includes('mlc'));
}
