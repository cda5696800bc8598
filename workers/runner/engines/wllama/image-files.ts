/** Images as llama.cpp takes them: files of a kind that it reads, and no larger than it can look at in good time. */
import { drawImage, type Place, type Size } from '../draw-image';

/**
 * 1,280 tokens of 28 x 28 pixels, of Qwen's kind, who count by an image's size: a phone's picture would have 16,000,
 * and they take at most 4,096 of them, which is a whole usual context. Others have a size of their own, mostly smaller.
 */
const MOST_PIXELS = 1280 * 28 * 28;

/** The longer side in shorter ones: models that count by size divide by the short side's pieces, and may have none. */
const LONGEST = 16;

/** PNG: llama.cpp reads no WebP. The same bytes for the same image, so what it made of one before is found again. */
export function imageFiles(
  images: readonly Uint8Array<ArrayBuffer>[],
): Promise<Uint8Array<ArrayBuffer>[]> {
  return Promise.all(
    images.map(async (image) => {
      const { canvas } = await drawImage(image, placeOf);
      const file = await canvas.convertToBlob({ type: 'image/png' });
      return new Uint8Array(await file.arrayBuffer());
    }),
  );
}

function placeOf(given: Size): Place {
  const whole = frameOf(given);
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (whole.width * whole.height)));
  const size = (side: number) => Math.max(1, Math.floor(side * scale));
  const own = { width: size(given.width), height: size(given.height) };
  return { ...own, frame: frameOf(own) };
}

function frameOf({ width, height }: Size): Size {
  return {
    width: Math.max(width, Math.ceil(height / LONGEST)),
    height: Math.max(height, Math.ceil(width / LONGEST)),
  };
}
