/** The size of an image by its head, and that one of too many pixels is never drawn. */
import { expect, it, vi } from 'vitest';
import { imageSize } from '#core/attachments/image-size';
import { readFile } from '../../src/lib/state/read-file';

const drawn = vi.fn();
vi.mock('$lib/client/shrink-image', () => ({ shrinkImage: drawn }));

const u16 = (n: number) => [n >> 8, n & 255];
const le16 = (n: number) => [n & 255, n >> 8];
const le24 = (n: number) => [n & 255, (n >> 8) & 255, n >> 16];
const letters = (text: string) => [...text].map((one) => one.charCodeAt(0));

const PNG = [0x89, ...letters('PNG\r\n\x1a\n'), 0, 0, 0, 13, ...letters('IHDR')];
const JPEG = [0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xc0, 1, 2, 0xff, 0xdb, 0, 2];

const riff = (kind: string) => [...letters(`RIFF....WEBP${kind}`), 0, 0, 0, 0];

it.each([
  ['PNG', [...PNG, 0, 0, ...u16(20_000), 0, 0, ...u16(300)], 20_000, 300],
  ['GIF', [...letters('GIF89a'), ...le16(640), ...le16(480)], 640, 480],
  ['JPEG', [...JPEG, 0xff, 0xc2, 0, 11, 8, ...u16(4000), ...u16(6000)], 6000, 4000],
  [
    'BMP',
    [...letters('BM'), ...Array<number>(16).fill(0), ...le16(70), 0, 0, ...le16(65_436), 255, 255],
    ...([70, 100] as const),
  ],
  ['WebP, large', [...riff('VP8X'), 0, 0, 0, 0, ...le24(19_999), ...le24(9)], 20_000, 10],
  ['WebP', [...riff('VP8 '), 0, 0, 0, 0x9d, 1, 0x2a, ...le16(800), ...le16(600)], 800, 600],
  ['WebP, lossless', [...riff('VP8L'), 0x2f, 0xff, 0x40, 0x02, 0x00], 256, 10],
])('%s', (_, bytes, width, height) => {
  expect(imageSize(Uint8Array.from(bytes))).toEqual({ width, height });
});

it.each([
  ['nothing', []],
  ['half a head', PNG],
  ['a JPEG without a frame', JPEG],
  ['a JPEG whose parts lead nowhere', [0xff, 0xd8, 0xff, 0xe1, 0, 0, 0, 0, 0, 0]],
  ['text', letters('This is no image at all, and has no head.')],
])('%s has none', (_, bytes) => {
  expect(imageSize(Uint8Array.from(bytes))).toBeNull();
});

it('400 million pixels are refused before they are drawn, with what to do', async () => {
  const head = Uint8Array.from([...PNG, 0, 0, ...u16(20_000), 0, 0, ...u16(20_000)]);
  const options = { sees: true, signal: new AbortController().signal, told: () => {} };
  await expect(readFile(new File([head], 'wall.png'), options)).rejects.toMatchObject({
    ...{ code: 'bad_file', message: '“wall.png” has 20,000 × 20,000 pixels, which is too large.' },
    detail: { remedy: 'Add a smaller version of it.' },
  });
  expect(drawn).not.toHaveBeenCalled();
});
