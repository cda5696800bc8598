import { isAbort, toWire, type WireError } from '#core/errors';
import { formatBytes } from '#core/format';
import * as m from '#core/messages/disk';
import { storeFile } from '$lib/client/disk-import';

/** A file of this device that is to be an MLC model's library: one at a time, and none once something else is named. */
export class LibraryFile {
  #said = $state('');
  #error = $state.raw<WireError | null>(null);
  #reading: AbortController | undefined;

  /** @param said of one that was chosen before */
  constructor(said = '') {
    this.#said = said;
  }

  /** What is read, or was. */
  get said() {
    return this.#said;
  }

  get error() {
    return this.#error;
  }

  /** Stores `file`; resolves with its digest, or with null where it failed or is not wanted any more. */
  async read(file: File): Promise<string | null> {
    this.drop();
    const { signal } = (this.#reading = new AbortController());
    this.#said = m.disk_library_reading({ file: file.name });
    try {
      const digest = await storeFile(file, null, () => {}, signal, 'library');
      if (signal.aborted) return null;
      this.#said = m.disk_library_read({ file: file.name, size: formatBytes(file.size) });
      return digest;
    } catch (error) {
      if (signal.aborted) return null;
      this.#said = '';
      if (!isAbort(error)) this.#error = toWire(error);
      return null;
    }
  }

  /** Something else is named: what is read is not wanted. */
  drop() {
    this.#reading?.abort();
    this.#said = '';
    this.#error = null;
  }
}
