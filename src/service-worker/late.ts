/** Parts of the page that few need: kept from their first use on, by an update too. */
import { keepFiles } from './keep-files';
import { cacheName, ownCaches, pathOf, shell } from './shell';

/** `openai` of `…/late/openai.4f2a.js`: the same in every build, as the hash is not. */
const NAME = /\/late\/([\w-]+)\.[^/]*$/;

function nameOf(path: string): string | undefined {
  return NAME.exec(path)?.[1];
}

/** Keeps the part that has this name. */
export async function keepLate(name: string): Promise<void> {
  await keepFiles(shell.late.filter((path) => nameOf(path) === name));
}

/** Keeps what the builds before had kept; what cannot be had now is no reason against the new build. */
export async function keepLateOfBefore(): Promise<void> {
  const used = new Set<string | undefined>();
  for (const cache of (await ownCaches()).filter((name) => name !== cacheName)) {
    const kept = await (await caches.open(cache)).keys();
    for (const { url } of kept) used.add(nameOf(pathOf(url) ?? ''));
  }
  await keepFiles(shell.late.filter((path) => used.has(nameOf(path))));
}
