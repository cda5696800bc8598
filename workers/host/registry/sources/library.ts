/** The library of an MLC model at its address. */
import { PaddockError } from '#core/errors';
import { LAYER_PREFIX } from '#core/manifest';
import { LIBRARY_NAME, MAX_LIBRARY } from '#core/mlc/library';
import type { PlannedFile } from '../source';
import type { Ask } from './ask';
import { codeSize } from './file-size';

/** Nobody publishes its digest, so two versions of it must not become one file. @throws PaddockError `bad_library` for what is plainly none; as `Ask.head` */
export async function libraryAt(ask: Ask, url: string, signal: AbortSignal): Promise<PlannedFile> {
  const size = await codeSize(ask, url, signal);
  const shown = url.split('?', 1)[0]!;
  const bad = (why: string) => new PaddockError('bad_library', why, { url: shown });
  if (size === 'absent') throw bad(`there is no file at ${shown}`);
  if (size === null) throw bad(`${new URL(url).host} does not say how large ${shown} is`);
  if (size === 0) throw bad(`${shown} is empty: it has 0 bytes`);
  if (size > MAX_LIBRARY) throw bad(`${shown} has ${size} bytes, more than any library`);
  const headers = await ask.headersFor(url);
  const origin = { kind: 'file', url, ...(headers && { headers }), strict: true } as const;
  return { digest: null, size, mediaType: `${LAYER_PREFIX}library`, name: LIBRARY_NAME, origin };
}
