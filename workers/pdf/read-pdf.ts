/**
 * The text of a PDF by pdf.js, both halves of which run in this one worker: so a hostile file holds up no frame, and
 * ending the worker ends all of it. Nothing is fetched: neither fonts nor tables of characters.
 */
// The build for older browsers: the other one needs what the newest alone have (`Map.getOrInsertComputed`).
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import * as pdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { badFile, MOST_PAGES } from '#core/attachments/limits';
import type { PaddockError } from '#core/errors';
import type { PdfPage, PdfText } from '#core/pdf';

// Where it finds this, pdf.js starts no worker of its own.
Object.assign(globalThis, { pdfjsWorker: pdfWorker });

/** @throws PaddockError `bad_file`: encrypted, broken, too many pages, or none with text */
export async function readPdf(
  name: string,
  data: Uint8Array<ArrayBuffer>,
  told: (page: PdfPage) => Promise<void>,
): Promise<PdfText> {
  const loading = getDocument({
    ...{ data, isEvalSupported: false, useWorkerFetch: false, useWasm: false },
    ...{ disableFontFace: true, useSystemFonts: false, stopAtErrors: false, verbosity: 0 },
  });
  try {
    const document = await loading.promise.catch((error: unknown) => {
      throw refusal(name, error);
    });
    const pages = document.numPages;
    if (pages > MOST_PAGES) {
      throw badFile(
        `“${name}” has ${pages} pages, and ${MOST_PAGES} are the most that can be added.`,
        'Save the pages that matter as a PDF of their own, and add that.',
      );
    }
    const texts: string[] = [];
    for (let page = 1; page <= pages; page++) {
      texts.push(await pageText(document, page, name));
      await told({ page, pages });
    }
    const text = texts.filter((one) => one !== '').join('\n\n');
    if (text === '') {
      throw badFile(
        `No page of “${name}” has text: it is scanned, or made of images.`,
        'Have its text recognised (OCR) first, or add pages as images to a model that sees.',
      );
    }
    return { text, pages };
  } finally {
    await loading.destroy();
  }
}

async function pageText(document: PDFDocumentProxy, number: number, name: string) {
  try {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    const parts = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''));
    return parts.join('').replaceAll('\0', '').trim();
  } catch (error) {
    throw refusal(name, error);
  }
}

function refusal(name: string, error: unknown): PaddockError {
  if (error instanceof Error && error.name === 'PasswordException') {
    return badFile(
      `“${name}” is encrypted, and opens with a password alone.`,
      'Save a copy without the password, and add that.',
    );
  }
  return badFile(
    `“${name}” is damaged, or no PDF.`,
    'Open it in another program and save it as a PDF again, or add its text.',
  );
}
