/** What engines consist of: too large for the first visit, needed offline once a model is here. */
import { keepFiles } from './keep-files';
import { shell } from './shell';

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

/** Sees to it that this build's cache holds the engines; a file that cannot be had now is asked for again. */
export async function keepEngines(withMlc: boolean): Promise<void> {
  const { always, modern, compat, mlc } = shell.engines;
  const gguf = isModern() ? modern : compat;
  await keepFiles([...always, ...gguf, ...(withMlc ? mlc : [])]);
}
