/** Images as web-llm's vision models take them: decoded, under a key of our own. */
import { drawImage } from '../draw-image';
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
  const { canvas, context } = await drawImage(image, ({ width, height }) => {
    const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (frameOf(width, height) * height)));
    const size = (whole: number) => Math.max(1, Math.floor(whole * scale));
    const own = { width: size(width), height: size(height) };
    return { ...own, frame: { ...own, width: frameOf(own.width, own.height) } };
  });
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** The width of what such an image stands in. */
function frameOf(width: number, height: number): number {
  return Math.max(width, Math.ceil(height / TALLEST));
}
