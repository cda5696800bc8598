/** One file of an installed model over a port: a reference to it, whose bytes are read by whoever saves them. */
import { parseDigest } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { HostPortMethods } from '#core/methods';
import { parseName } from '#core/names';
import type { Registry } from './registry/registry';

/** @throws PaddockError `model_not_found` where the model is not here, or has no such file */
export async function giveBlob(
  registry: Pick<Registry, 'openBlob'>,
  { model, digest }: HostPortMethods['blob']['params'],
): Promise<Blob> {
  const name = parseName(model);
  const wanted = parseDigest(digest);
  const blob = name && wanted && (await registry.openBlob(name, wanted));
  if (blob) return blob;
  throw new PaddockError('model_not_found', 'There is no such model, or no such file of it.', {
    model,
  });
}
