/** Reads the text of a PDF beside the page, which ends this worker to stop it. */
import { serve } from '#core/callee';
import type { PdfMethods } from '#core/pdf';

serve<PdfMethods>(self, {
  read: async ({ name, bytes }, { send }) => {
    const { readPdf } = await import('./read-pdf');
    return readPdf(name, new Uint8Array(bytes), (page) => send(page));
  },
});
