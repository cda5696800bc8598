/** Images as web-llm's vision models take them: decoded, under a key of our own. */
import { PaddockError } from '#core/errors';
import type { TextPipeline } from './pipeline';

/** The keys of `images`, whose pixels are in the pipeline's cache afterwards. @throws PaddockError `bad_request` */
export async function decodeImages(
  pipeline: TextPipeline,
  images: readonly Uint8Array<ArrayBuffer>[],
): Promise<Map<Uint8Array, string>> {
  const keys = new Map<Uint8Array, string>();
  for (const [at, image] of images.entries()) {
    const key = `image-${at}`;
    pipeline.imageDataCache.set(key, await pixels(image));
    keys.set(image, key);
  }
  return keys;
}

async function pixels(image: Uint8Array<ArrayBuffer>): Promise<ImageData> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([image]));
  } catch {
    throw new PaddockError('bad_request', 'an image is none that this browser can read');
  }
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new PaddockError('engine_failed', 'The browser gives no canvas for images.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}
