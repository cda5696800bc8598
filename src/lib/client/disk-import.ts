/** Files from this device's disk to the host: a reference goes over the port, the host reads the bytes. */
import { PaddockError } from '#core/errors';
import type { FileFacts, InstallFile, MlcFileKind, StoreLine } from '#core/paddock-api';
import { askHost, post } from '$lib/client/ask-host';
import { readLines } from '$lib/client/read-lines';

function send(path: string, file: File, signal?: AbortSignal): Promise<Response> {
  return askHost(path, { method: 'POST', body: file, signal });
}

/** What `file` says of itself. @throws PaddockError `model_unreadable`, naming the fault */
export async function inspectFile(file: File): Promise<FileFacts> {
  const answer = await send(`api/paddock/inspect?file=${encodeURIComponent(file.name)}`, file);
  return (await answer.json()) as FileFacts;
}

/**
 * Stores `file`, and returns its digest; a known one is compared, and is not read again where it is here.
 * @param onProgress told the bytes so far
 * @param kind of an MLC model's file
 * @throws PaddockError `digest_mismatch`, `model_unreadable`, `bad_library`, `storage_full`, `aborted`
 */
export async function storeFile(
  file: File,
  digest: string | null,
  onProgress: (completed: number) => void,
  signal: AbortSignal,
  kind?: MlcFileKind,
): Promise<string> {
  const query = new URLSearchParams({ ...(digest !== null && { digest }), ...(kind && { kind }) });
  const path = `api/paddock/blobs?${query}`;
  let last: StoreLine | undefined;
  for await (const line of readLines<StoreLine>(await send(path, file, signal))) {
    last = line;
    onProgress(line.completed ?? 0);
  }
  if (last?.status === 'success' && last.digest !== undefined) return last.digest;
  throw new PaddockError('host_died', 'The host ended before the file was stored.');
}

/** Gives stored files a name. */
export async function installFiles(name: string, files: InstallFile[]): Promise<void> {
  await post('api/paddock/manifests', { name, files });
}

/** Gives a manifest a name whose blobs are stored. */
export async function installManifest(name: string, manifest: string): Promise<void> {
  await post('api/paddock/manifests', { name, manifest });
}
