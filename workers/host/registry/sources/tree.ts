/** What all registries have in common: a manifest by its name, blobs by their digests, lists of the parts of large ones. */
import { digestOf, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { parseManifest, parsePartsList, PARTS_SUFFIX, type Layer } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import { displayName, type ModelName } from '#core/names';
import type { ManifestPlan } from '../source';
import type { Answer } from './limited';

/** Bytes; Ollama's manifests have some 500. */
export const MAX_MANIFEST = 1024 * 1024;
/** Bytes; 20 MiB parts of a 400 GB model make 2 MB of list. */
const MAX_PARTS_LIST = 4 * 1024 * 1024;
/** Bytes; smaller blobs are asked for whole, without a request for a list that few would have. */
export const PARTS_ABOVE = 256 * 1024;

export type AskText = (url: string, limit: number, signal: AbortSignal) => Promise<Answer>;

/** @throws PaddockError `bad_manifest` */
export async function planOf(text: string, origin: ManifestPlan['origin']): Promise<ManifestPlan> {
  const digest = await digestOf(new TextEncoder().encode(text));
  return { kind: 'manifest', manifest: parseManifest(text), text, digest, origin };
}

/** The parts of a blob that has a valid list of them, else null: then the blob itself has to be there. */
export async function findParts(
  ask: AskText,
  addressOf: (digest: Digest) => string,
  blob: Layer,
  signal: AbortSignal,
): Promise<BlobOrigin | null> {
  const url = `${addressOf(blob.digest)}${PARTS_SUFFIX}`;
  const answer = await ask(url, MAX_PARTS_LIST, signal);
  if (isAbsent(answer)) return null;
  refuseFault(answer, url);
  try {
    const { parts } = parsePartsList(answer.text, blob);
    return {
      kind: 'parts',
      parts: parts.map((part) => ({ ...part, url: addressOf(part.digest) })),
    };
  } catch {
    return null;
  }
}

/** A page stands for "not found" on hosts that answer everything with 200. */
export function isAbsent({ status, text }: Answer): boolean {
  return status === 404 || status === 410 || text.trimStart().startsWith('<');
}

/** @throws PaddockError `network` for a status that is no 200 */
export function refuseFault({ status }: { status: number }, url: string): void {
  if (status !== 200) {
    throw new PaddockError('network', `The registry answers ${status}.`, { url });
  }
}

/** `url` names the host that was asked, where it is not this site. */
export function notHere(name: ModelName, url?: string): PaddockError {
  const model = displayName(name);
  const detail = { model, ...(url !== undefined && { url }) };
  return new PaddockError('not_in_registry', `The registry has no model ${model}.`, detail);
}
