/** A model back to this device's disk. The bytes go from the store's file to the person's, past the host. */
import { toPaddockError } from '#core/errors';
import type { ModelFile } from '#core/paddock-api';
import { postJson } from '$lib/client/ask-host';
import { download } from '$lib/client/download';
import { link } from '$lib/client/link';

/** What Chromium has and the DOM types lack. */
interface SavePicker {
  showSaveFilePicker?(options: object): Promise<FileSystemFileHandle>;
}

/** The files that `model` is. @throws PaddockError `model_not_found`, `not_supported` where it is no GGUF */
export async function filesOfModel(model: string): Promise<ModelFile[]> {
  return (await postJson<{ files: ModelFile[] }>('api/paddock/files', { model })).files;
}

/**
 * Saves one file of `model`; to be called by a click. Where the browser has a picker, `onProgress` is told the bytes,
 * and it resolves when they are on the disk; elsewhere it is a download, which the browser shows.
 * @returns false when it was handed to the browser
 * @throws PaddockError `aborted` when the person chose no place, or `signal` did; `storage_failed`, `model_not_found`
 */
export async function saveFile(
  model: string,
  file: ModelFile,
  onProgress: (completed: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { showSaveFilePicker } = globalThis as SavePicker;
  // First, while the click counts: what follows takes time.
  const place = await showSaveFilePicker?.({ suggestedName: file.name, id: 'models' }).catch(
    (error: unknown) => {
      throw toPaddockError(error, 'storage_failed');
    },
  );
  const host = await link.connect();
  const blob = await host.call('blob', { model, digest: file.digest }, { signal }).result;
  if (!place) {
    download(blob, file.name);
    return false;
  }
  try {
    let completed = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        onProgress((completed += bytes.length));
        controller.enqueue(bytes);
      },
    });
    // Closing it puts the file in its place; an aborted pipe leaves what was there before.
    await blob
      .stream()
      .pipeThrough(counted)
      .pipeTo(await place.createWritable(), { signal });
    return true;
  } catch (error) {
    throw toPaddockError(error, 'storage_failed');
  }
}
