/** Files from this device's disk to the host: a reference goes over the port, the host reads the bytes. */
import { PaddockError } from '#core/errors';
import type {
  FileFacts,
  InstallFile,
  LibraryWords,
  MlcFileKind,
  StoreLine,
} from '#core/paddock-api';
import { askHost, post } from '$lib/client/ask-host';
import { readLines } from '$lib/core/read-lines';

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
  return digestOf(await send(path, file, signal), onProgress);
}

async function digestOf(
  answer: Response,
  onProgress: (completed: number) => void = () => {},
): Promise<string> {
  let last: StoreLine | undefined;
  for await (const line of readLines<StoreLine>(answer)) {
    last = line;
    onProgress(line.completed ?? 0);
  }
  if (last?.status === 'success' && last.digest !== undefined) return last.digest;
  throw new PaddockError('host_died', 'The host ended before the file was stored.');
}

/**
 * Fetches an MLC model's library from its address into the store, and returns its digest.
 * @param accept the digest of one that may take the known one's place
 * @throws PaddockError `bad_library`, `library_changed`, and as a pull
 */
export async function fetchLibrary(
  library: string,
  accept: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const body = { library, accept_library: accept };
  return digestOf(await post('api/paddock/libraries', body, signal));
}

/** Gives stored files a name. @param words of an MLC model's library @throws PaddockError as a pull of one */
export async function installFiles(
  name: string,
  files: InstallFile[],
  words: LibraryWords = {},
): Promise<void> {
  await post('api/paddock/manifests', { name, files, ...words });
}

/** Gives a manifest a name whose blobs are stored. */
export async function installManifest(name: string, manifest: string): Promise<void> {
  await post('api/paddock/manifests', { name, manifest });
}
