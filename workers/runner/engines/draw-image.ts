/** Images of a request, decoded by the browser: it knows more kinds than the engines, and turns phones' the right way up. */
import { PaddockError } from '#core/errors';

/** In pixels. */
export interface Size {
  width: number;
  height: number;
}

/** Where an image goes: its own size there, and that of the white picture that it stands in, at its upper left. */
export interface Place extends Size {
  frame: Size;
}

/** @throws PaddockError `bad_request` for what is no image, `engine_failed` */
export async function drawImage(
  image: Uint8Array<ArrayBuffer>,
  placeOf: (size: Size) => Place,
): Promise<{ canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D }> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([image]));
  } catch {
    throw new PaddockError('bad_request', 'an image is none that this browser can read');
  }
  const { width, height, frame } = placeOf(bitmap);
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext('2d');
  if (!context) throw new PaddockError('engine_failed', 'The browser gives no canvas for images.');
  // Engines leave transparency out, and what is transparent is black: writing on nothing could not be read.
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return { canvas, context };
}
