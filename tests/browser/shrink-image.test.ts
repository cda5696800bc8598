/** Images as they are kept and sent. */
import { describe, expect, it } from 'vitest';
import { shrinkImage } from '../../src/lib/client/shrink-image';

async function picture(width: number, height: number, type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'rgb(200, 30, 30)';
  context.fillRect(0, 0, width, height);
  return canvas.convertToBlob({ type });
}

/** With a comment behind its first marker, as cameras put what they know there. */
async function withComment(jpeg: Blob, words: string): Promise<Blob> {
  const comment = new Uint8Array([0xff, 0xfe, 0, words.length + 2]);
  return new Blob([jpeg.slice(0, 2), comment, words, jpeg.slice(2)], { type: 'image/jpeg' });
}

describe('shrinkImage', () => {
  it.each([
    [2000, 1000, 1024, 512],
    [600, 3000, 205, 1024],
    [300, 200, 300, 200],
  ])('makes %i × %i pixels %i × %i', async (width, height, small, low) => {
    const shrunk = await shrinkImage(await picture(width, height, 'image/png'), 'a.png');
    expect(shrunk).toMatchObject({ width: small, height: low });
    const bitmap = await createImageBitmap(shrunk.image);
    expect([bitmap.width, bitmap.height]).toEqual([small, low]);
  });

  it('leaves out what lies beside the pixels', async () => {
    const photo = await withComment(await picture(64, 64, 'image/jpeg'), 'taken at home');
    expect(await photo.text()).toContain('taken at home');
    const { image } = await shrinkImage(photo, 'a.jpg');
    expect(image.type).toBe('image/jpeg');
    expect(await image.text()).not.toContain('taken at home');
  });

  it('refuses what is no image with a sentence', async () => {
    await expect(shrinkImage(new Blob(['no image']), 'a.png')).rejects.toMatchObject({
      ...{ code: 'bad_file', message: expect.stringContaining('“a.png” is damaged') as string },
    });
  });
});
