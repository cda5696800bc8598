/** What the worker for files with chats offers. */
import type { Entry } from '#core/exchange/documents';
import type { FileSummary } from '#core/exchange/read-file';

export interface ExchangeMethods {
  /** A file that was chosen, entry by entry: the next one is read when somebody wants it. */
  read: {
    params: { file: Blob };
    chunk: Entry | { type: 'progress'; read: number; size: number };
    result: FileSummary;
  };
  isBackup: { params: { file: Blob }; chunk: never; result: boolean };
  /** Puts a file into the ZIP that this worker packs. */
  pack: { params: { path: string; data: string | Uint8Array }; chunk: never; result: void };
  /** The ZIP with all that was packed. */
  finish: { params: null; chunk: never; result: Blob };
}
