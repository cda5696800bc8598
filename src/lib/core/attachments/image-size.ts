/** How large an image is, by its head: a browser that is asked to show 20,000 × 20,000 pixels needs 1.6 GB for them. */

/** Bytes that `imageSize` wants to see: a photo has a small one of itself in front of its own size. */
export const IMAGE_HEAD = 1_000_000;

export interface ImageSize {
  /** Pixels. */
  width: number;
  height: number;
}

/** Null where the kind is not known, or its head is damaged: who draws it says so. */
export function imageSize(head: Uint8Array): ImageSize | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const letters = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  try {
    if (letters(1, 4) === 'PNG') return { width: view.getUint32(16), height: view.getUint32(20) };
    if (letters(0, 3) === 'GIF') {
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    }
    if (letters(0, 2) === 'BM') {
      return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
    }
    if (letters(0, 4) === 'RIFF' && letters(8, 12) === 'WEBP')
      return webpSize(view, letters(12, 16));
    return view.getUint16(0) === 0xffd8 ? jpegSize(view) : null;
  } catch (error) {
    if (error instanceof RangeError) return null; // it ends too early
    throw error;
  }
}

/** RFC 9649, 2.5 to 2.7. */
function webpSize(view: DataView, kind: string): ImageSize | null {
  const low24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  if (kind === 'VP8X') return { width: low24(24) + 1, height: low24(27) + 1 };
  if (kind === 'VP8 ') {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (kind !== 'VP8L') return null;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** The first frame's (ITU T.81, B.2.2); what stands before it is skipped. */
function jpegSize(view: DataView): ImageSize | null {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
}
