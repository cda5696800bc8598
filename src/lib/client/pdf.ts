/** A worker for each PDF, which ends with it: a stop ends it at once. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { PdfMethods, PdfPage, PdfText } from '#core/pdf';

/** @throws PaddockError `bad_file`, `aborted`, `internal` where the worker does not start */
export async function readPdf(
  file: File,
  name: string,
  told: (page: PdfPage) => void,
  signal: AbortSignal,
): Promise<PdfText> {
  const bytes = await file.arrayBuffer();
  const worker = new Worker(new URL('../../../workers/pdf/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-pdf',
  });
  const caller = new Caller<PdfMethods>(worker);
  const stop = () => caller.fail(new PaddockError('aborted', 'The PDF is not wanted any more.'));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    caller.fail(new PaddockError('internal', event.message || 'A script did not load.'));
  });
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) stop();
    const call = caller.call('read', { name, bytes });
    for await (const page of call) told(page);
    return await call.result;
  } finally {
    signal.removeEventListener('abort', stop);
    worker.terminate();
  }
}
