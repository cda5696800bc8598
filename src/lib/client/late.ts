/** Parts of the page that few need (`late-parts.ts`): fetched at first need, and kept from then on. */
import { PaddockError } from '#core/errors';
import { keepLate } from './offline';
import { siteUrl } from './site';

/** Has the part of the module `<name>.late.ts` here, offline too, before it is asked for. */
export function keepForLater(name: string): void {
  keepLate(name).catch((error: unknown) => console.warn('Not kept for offline use:', name, error));
}

/**
 * The module `<name>.late.ts`, which `load` imports.
 * @throws PaddockError `not_kept` where its file cannot be had; detail: newer, when the site itself answers.
 */
export async function loadLate<T>(name: string, load: () => Promise<T>): Promise<T> {
  keepForLater(name);
  try {
    return await load();
  } catch (error) {
    console.warn(error);
    const newer = await siteAnswers();
    throw new PaddockError('not_kept', `The part "${name}" could not be loaded.`, { newer });
  }
}

/** Past the service worker, which answers GET from what it has kept. */
function siteAnswers(): Promise<boolean> {
  return fetch(`${siteUrl()}service-worker.js`, { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
}
