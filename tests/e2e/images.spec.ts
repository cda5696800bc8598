/** A GGUF model with a projector, both real and of random weights, from upload to what it is asked about an image. */
import type { Page } from '@playwright/test';
import { randomModel } from '../fixtures/random-model';
import { IMAGE_TOKENS, randomProjector } from '../fixtures/random-projector';
import { call, underServiceWorker } from './api-client';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

// On a quiet machine it is some 10 seconds.
test.setTimeout(120_000);

const WIDTH = 64;
const SIZE = {
  ...{ layers: 2, hidden: WIDTH, feedForward: 128, heads: 2 },
  ...{ keyValueHeads: 1, headSize: 32 },
};

type Json = Record<string, unknown>;

async function post(page: Page, path: string, body: object): Promise<Json> {
  const { status, text } = await call(page, path, { method: 'POST', body: JSON.stringify(body) });
  return { status, ...(JSON.parse(text) as Json) };
}

/** @returns its digest */
function upload(page: Page, bytes: Uint8Array): Promise<string> {
  return page.evaluate(async (base64) => {
    const file = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', file));
    const digest = `sha256:${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    await fetch(`api/blobs/${digest}`, { method: 'POST', body: new Blob([file]) });
    return digest;
  }, Buffer.from(bytes).toString('base64'));
}

/** A JPEG of one colour, in base64. */
function picture(page: Page, colour: string): Promise<string> {
  return page.evaluate((fill) => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d')!;
    context.fillStyle = fill;
    context.fillRect(0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/jpeg').split(',')[1]!;
  }, colour);
}

test('a model with a projector is asked about images by both APIs', async ({ page, site }) => {
  await page.goto(site.url);
  await underServiceWorker(page);
  const files = {
    'model.gguf': await upload(page, randomModel({ size: SIZE, type: 'Q8_0', seed: 31 })),
    'mmproj.gguf': await upload(page, randomProjector({ width: WIDTH })),
  };
  const created = await post(page, 'api/create', { model: 'sees', files, stream: false });
  expect(created).toMatchObject({ status: 'success' });
  const { capabilities } = await post(page, 'api/show', { model: 'sees' });
  expect(capabilities).toContain('vision');

  const red = await picture(page, 'red');
  // Random weights write what is no text, unless they are held to one.
  const format = { type: 'boolean' };
  const about = (images: string[]) => ({
    ...{ model: 'sees', format, stream: false },
    messages: [{ role: 'user', content: 'Is it red?', ...(images.length > 0 && { images }) }],
  });
  const text = await post(page, 'api/chat', about([]));
  const seen = await post(page, 'api/chat', about([red]));
  expect(JSON.parse((seen.message as Json).content as string)).toBeDefined();
  expect(seen.prompt_eval_count).toBe((text.prompt_eval_count as number) + IMAGE_TOKENS);

  const image_url = { url: `data:image/jpeg;base64,${red}` };
  const content = [
    { type: 'text', text: 'Is it red?' },
    { type: 'image_url', image_url },
  ];
  const { usage } = await post(page, 'v1/chat/completions', {
    model: 'sees',
    messages: [{ role: 'user', content }],
    max_tokens: 1,
    response_format: { type: 'json_schema', json_schema: { name: 'b', schema: format } },
  });
  expect((usage as Json).prompt_tokens).toBe(seen.prompt_eval_count);

  const { runners } = JSON.parse((await call(page, 'api/paddock/runners')).text) as {
    runners: { info: Json }[];
  };
  expect(runners[0]!.info).toMatchObject({
    engine: 'wllama',
    refused: { reason: 'Paddock’s own engine sees no images.' },
  });
});
