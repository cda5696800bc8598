import { cleanName } from '#core/attachments/file-name';
import { IMAGE_HEAD, imageSize } from '#core/attachments/image-size';
import { badFile, MOST_IMAGE, MOST_PDF, MOST_PIXELS, MOST_TEXT } from '#core/attachments/limits';
import { decodeText, HEAD, kindOf } from '#core/attachments/sniff';
import { formatCount } from '#core/format';
import type { PdfPage } from '#core/pdf';
import type { AttachmentRecord } from '$lib/storage/records';

export interface ReadOptions {
  /** Whether the model can be given images. */
  sees: boolean;
  signal: AbortSignal;
  /** Called after each page of a PDF. */
  told(page: PdfPage): void;
}

type Content = Pick<
  AttachmentRecord,
  'name' | 'type' | 'size' | 'kind' | 'text' | 'encoding' | 'pages' | 'image' | 'width' | 'height'
>;

/** What a model can be given of a chosen file. @throws PaddockError `bad_file`, `aborted`, `internal` */
export async function readFile(file: File, options: ReadOptions): Promise<Content> {
  const name = cleanName(file.name);
  const facts = { name, type: file.type, size: file.size };
  const kind = kindOf(name, new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  if (kind === 'svg') {
    throw badFile(`“${name}” is an SVG, which is not added as an image.`, 'Save it as PNG first.');
  }
  if (kind === 'heic') {
    const remedy = 'Save it as JPEG first; iPhones do so at “Most Compatible”.';
    throw badFile(`“${name}” is a HEIC image, which browsers cannot read.`, remedy);
  }
  if (kind === 'image') {
    if (!options.sees) {
      const remedy = 'Choose a model with “vision” below, or add text instead.';
      throw badFile(`The chosen model cannot see images, so “${name}” was not added.`, remedy);
    }
    if (file.size > MOST_IMAGE) {
      throw badFile(`“${name}” is larger than 30 MB.`, 'Add a smaller version of it.');
    }
    const size = imageSize(new Uint8Array(await file.slice(0, IMAGE_HEAD).arrayBuffer()));
    if (size && size.width * size.height > MOST_PIXELS) {
      const pixels = `${formatCount(size.width)} × ${formatCount(size.height)} pixels`;
      throw badFile(`“${name}” has ${pixels}, which is too large.`, 'Add a smaller version of it.');
    }
    const { shrinkImage } = await import('$lib/client/shrink-image');
    return { ...facts, kind, ...(await shrinkImage(file, name)) };
  }
  if (kind === 'pdf') {
    if (file.size > MOST_PDF) {
      throw badFile(`“${name}” is larger than 100 MB.`, 'Add the pages that matter.');
    }
    const { readPdf } = await import('$lib/client/pdf');
    return { ...facts, kind, ...(await readPdf(file, name, options.told, options.signal)) };
  }
  // One byte more than is allowed is enough to refuse it.
  const bytes = new Uint8Array(await file.slice(0, MOST_TEXT + 1).arrayBuffer());
  return { ...facts, kind, ...decodeText(name, bytes) };
}
