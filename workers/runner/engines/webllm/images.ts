/** Images as web-llm's vision models take them: decoded, under a key of our own. */
import { PaddockError } from '#core/errors';
import type { TextPipeline } from './pipeline';

/**
 * web-llm needs 15 bytes of memory for each, 12 of them in one buffer of the GPU: with the 12 million of a phone's
 * camera that is more than the least that an adapter may have. The model itself looks at 1.8 million.
 */
const MOST_PIXELS = 4_000_000;

/** Heights of a width: of what is taller, web-llm's Phi makes a picture of no size. */
const TALLEST = 16;

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
  const { width, height } = scaled(bitmap);
  const canvas = new OffscreenCanvas(frameOf(width, height), height);
  const context = canvas.getContext('2d');
  if (!context) throw new PaddockError('engine_failed', 'The browser gives no canvas for images.');
  // web-llm leaves transparency out, and what is transparent is black: writing on nothing could not be read.
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function scaled({ width, height }: ImageBitmap) {
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (frameOf(width, height) * height)));
  const size = (whole: number) => Math.max(1, Math.floor(whole * scale));
  return { width: size(width), height: size(height) };
}

/** The width of what such an image stands in. */
function frameOf(width: number, height: number): number {
  return Math.max(width, Math.ceil(height / TALLEST));
}
