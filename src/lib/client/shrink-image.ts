import { badFile, LONGEST_SIDE } from '#core/attachments/limits';

export interface SmallImage {
  image: Blob;
  /** Pixels. */
  width: number;
  height: number;
}

/**
 * An image drawn anew, no larger than models look at: what a file has beside its pixels (place, camera) is gone.
 * @throws PaddockError `bad_file` where the browser cannot read it
 */
export async function shrinkImage(file: Blob, name: string): Promise<SmallImage> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw badFile(
      `“${name}” is damaged, too large, or of a kind that this browser cannot show.`,
      'Save it as PNG or JPEG in another program, and add that.',
    );
  }
  try {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, 0, 0, width, height);
    // JPEG has no transparency, and nothing else comes from one.
    const type = file.type === 'image/jpeg' ? 'image/jpeg' : 'image/png';
    const image = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.92));
    if (!context || !image) {
      throw badFile(`“${name}” could not be made smaller.`, 'Add a smaller version of it.');
    }
    return { image, width, height };
  } finally {
    bitmap.close();
  }
}
