/** A GGUF model on a graphics adapter that the processor plays: only for who asks for it, and then it is said. */
import type { EngineInfo } from '#core/engine';
import { call, chatInit, openApi } from './api-client';
import { expect, lastReply, send, test } from './site';

test.use({ serviceWorkers: 'allow' });

// The real starter, in the place of the fake one.
test.use({ siteOptions: { dir: 'build-test' } });

/** Milliseconds: some ten seconds of load, its check beside the CPU, and two or three tokens a second. */
const PATIENCE = 120_000;

test(
  'the starter runs on the adapter that num_gpu asks for, and page and API say so',
  { tag: '@long' },
  async ({ page, site }) => {
    test.setTimeout(2 * PATIENCE);
    await openApi(page, site);
    const ask = async (path: string, body: object) => {
      const { text } = await call(page, path, { method: 'POST', body: JSON.stringify(body) });
      return JSON.parse(text.trimEnd().split('\n').at(-1)!) as unknown;
    };
    const get = async (path: string) => JSON.parse((await call(page, path)).text) as unknown;
    const parameters = { num_gpu: 1, num_predict: 6, temperature: 0 };
    const preset = { model: 'on-gpu', from: 'smollm2:135m', parameters };
    expect(await ask('/api/create', preset)).toEqual({ status: 'success' });

    const asked = { model: 'on-gpu', stream: false };
    const { text } = await call(page, '/api/chat', chatInit('explain quantum entanglement', asked));
    const answer = JSON.parse(text) as { eval_count: number; message: { content: string } };
    expect(answer).toMatchObject({ done: true, eval_count: 6 });
    expect(answer.message.content).toMatch(/quantum/i);
    const SWIFTSHADER = 'google swiftshader';
    expect(await get('/api/ps')).toMatchObject({ models: [{ name: 'on-gpu:latest' }] });
    const { models } = (await get('/api/ps')) as { models: { size: number; size_vram: number }[] };
    expect(models[0]!.size_vram).toBe(models[0]!.size);
    const { runners } = (await get('/api/paddock/runners')) as { runners: { info: EngineInfo }[] };
    const { info } = runners[0]!;
    expect(info).toMatchObject({ engine: 'paddock', backend: 'webgpu', adapter: SWIFTSHADER });
    expect(info).not.toHaveProperty('noWebGpu');
    expect(info).not.toHaveProperty('refused');

    await page.getByRole('link', { name: 'Models' }).click();
    const row = page.getByRole('table', { name: 'Running models' }).getByRole('row');
    await expect(row.last()).toContainText('Paddock');
    await expect(row.last()).toContainText(`WebGPU, ${SWIFTSHADER}`);
    await page.getByRole('button', { name: 'Chat with on-gpu:latest' }).click();
    await send(page, 'explain quantum entanglement');
    const reply = lastReply(page);
    await expect(reply).toContainText(/tokens\/s/, { timeout: PATIENCE });
    await expect(reply).toContainText(`WebGPU, ${SWIFTSHADER}`);
    await expect(reply).toContainText('6 reply tokens');
    const status = page.getByRole('group', { name: 'Status' });
    await expect(status).toContainText(`Paddock · WebGPU, ${SWIFTSHADER}`);

    // Who does not ask stays on the CPU, and hears why.
    await ask('/api/chat', { model: 'on-gpu', keep_alive: 0 });
    await call(page, '/api/chat', chatInit('hi', { stream: false, options: { num_predict: 1 } }));
    const again = (await get('/api/paddock/runners')) as { runners: { info: EngineInfo }[] };
    expect(again.runners[0]!.info).toMatchObject({
      ...{ engine: 'paddock', backend: 'wasm', noWebGpu: 'software_adapter' },
    });
  },
);
