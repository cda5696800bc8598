/** PDFs through pdf.js as the worker has it. */
import { describe, expect, it } from 'vitest';
import type { PdfPage } from '#core/pdf';
import { readPdf } from '../../workers/pdf/read-pdf';
import { smallPdf } from '../fixtures/small-pdf';

async function read(bytes: Uint8Array<ArrayBuffer>) {
  const told: PdfPage[] = [];
  const text = await readPdf('a.pdf', bytes, async (page) => void told.push(page));
  return { ...text, told };
}

describe('readPdf', () => {
  it('reads the text of the pages in their order, and tells of each', async () => {
    expect(await read(smallPdf(['First page.', '', 'Third page.']))).toEqual({
      ...{ text: 'First page.\n\nThird page.', pages: 3 },
      told: [1, 2, 3].map((page) => ({ page, pages: 3 })),
    });
  });

  it('reads 200 pages, and refuses 201 with what to do', async () => {
    const pages = (count: number) => Array.from({ length: count }, (_, at) => `Page ${at + 1}.`);
    expect(await read(smallPdf(pages(200)))).toMatchObject({
      ...{ pages: 200, text: expect.stringMatching(/^Page 1\.[^]*Page 200\.$/) as string },
    });
    await expect(read(smallPdf(pages(201)))).rejects.toMatchObject({
      ...{ code: 'bad_file', message: expect.stringContaining('201 pages') as string },
    });
  });

  it('reads a page between 100,000 objects that nobody names', async () => {
    expect(await read(smallPdf(['Here.'], { idle: 100_000 }))).toMatchObject({ text: 'Here.' });
  });

  it.each([
    ['encrypted', smallPdf(['Secret.'], { encrypted: true }), 'is encrypted'],
    ['scanned', smallPdf(['', '']), 'is scanned'],
    ['broken', new TextEncoder().encode('%PDF-1.4\nnothing of a PDF'), 'is damaged'],
    ['cut', smallPdf(['One.']).slice(0, 60), 'is damaged'],
  ])('refuses one that is %s with a sentence and a remedy', async (_, bytes, words) => {
    const remedy = expect.stringMatching(/\w+/) as string;
    await expect(read(bytes)).rejects.toMatchObject({
      ...{
        code: 'bad_file',
        message: expect.stringContaining(words) as string,
        detail: { remedy },
      },
    });
  });
});
