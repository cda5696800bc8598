/** Images as web-llm's vision models are given them; the canvas is a stand-in that remembers. */
import { afterEach, expect, it, vi } from 'vitest';
import { decodeImages } from '../../workers/runner/engines/webllm/images';
import type { TextPipeline } from '../../workers/runner/engines/webllm/pipeline';

afterEach(() => vi.unstubAllGlobals());

/** What is drawn for an image of that size, and the size of its pixels. */
async function decoded(width: number, height: number) {
  const drawn: unknown[][] = [];
  vi.stubGlobal('createImageBitmap', async () => ({ width, height, close() {} }));
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      constructor(
        readonly width: number,
        readonly height: number,
      ) {}

      getContext() {
        return {
          fillStyle: '',
          fillRect(...box: number[]) {
            drawn.push([this.fillStyle, ...box]);
          },
          drawImage: (_: unknown, ...box: number[]) => void drawn.push(['image', ...box]),
          getImageData: (_x: number, _y: number, w: number, h: number) => ({ width: w, height: h }),
        };
      }
    },
  );
  const imageDataCache = new Map<string, ImageData>();
  const image = Uint8Array.of(1);
  const keys = await decodeImages({ imageDataCache } as TextPipeline, [image]);
  return { drawn, pixels: imageDataCache.get(keys.get(image)!) };
}

it('are on white, since their transparency is lost', async () => {
  const { drawn, pixels } = await decoded(640, 480);
  expect(drawn).toEqual([
    ['white', 0, 0, 640, 480],
    ['image', 0, 0, 640, 480],
  ]);
  expect(pixels).toEqual({ width: 640, height: 480 });
});

it('of a camera are made smaller, in their shape', async () => {
  const { drawn, pixels } = await decoded(8064, 6048);
  expect(pixels).toEqual({ width: 2309, height: 1732 });
  expect(drawn.at(-1)).toEqual(['image', 0, 0, 2309, 1732]);
});

it.each([
  [10, 1000, { width: 63, height: 1000 }],
  [1, 20_000_000, { width: 500, height: 8000 }],
])('that are too tall for the model, %i × %i, stand beside white', async (width, height, size) => {
  const { drawn, pixels } = await decoded(width, height);
  expect(pixels).toEqual(size);
  expect(drawn[0]).toEqual(['white', 0, 0, size.width, size.height]);
  expect(drawn[1]![3]).toBeLessThanOrEqual(width);
});
