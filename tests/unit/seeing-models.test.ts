/** GGUF models with a projector, through the server's door: made, kept, told of, and asked about images. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf } from '#core/digest';
import type { Capability, ChatMessage, RunnerModel } from '#core/engine';
import { createHandle } from '../../workers/host/server/handle';
import type { Scheduler } from '../../workers/host/scheduler/scheduler';
import { smallGguf } from '../fixtures/disk-gguf';
import { openDiskHouse } from '../fixtures/disk-house';
import { openHouse, SITE } from '../fixtures/house';
import { randomModel } from '../fixtures/random-model';
import { randomProjector } from '../fixtures/random-projector';

type Bytes = Uint8Array<ArrayBuffer>;
type Json = Record<string, unknown>;

const WEIGHTS = randomModel({ type: 'Q8_0', seed: 4 }) as Bytes;
const PROJECTOR = randomProjector({ width: 256 }) as Bytes;
const PNG = 'iVBORw0KGgoA';

let disk: Awaited<ReturnType<typeof openDiskHouse>>;
let files: { weights: string; projector: string };

async function store(bytes: Bytes) {
  const digest = await digestOf(bytes);
  await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
  return digest;
}

beforeEach(async () => {
  disk = await openDiskHouse();
  files = { weights: await store(WEIGHTS), projector: await store(PROJECTOR) };
  const { weights, projector } = files;
  await disk.post('api/create', {
    model: 'sees:1',
    files: { 'a-mmproj.gguf': projector, 'm.gguf': weights },
    stream: false,
  });
});

async function ask(path: string, body: object): Promise<Json> {
  const response = await disk.post(path, body);
  const text = await response.text();
  return { status: response.status, ...(text && (JSON.parse(text) as Json)) };
}

async function listed(path: string): Promise<Json[]> {
  const response = await disk.handle(new Request(SITE + path));
  return ((await response.json()) as { models: Json[] }).models;
}

/** What is asked of the scheduler and of a runner that can what is said. */
async function asked(path: string, body: object, capabilities: Capability[] = ['vision']) {
  const generate = vi.fn(async function* (_method: string, _params: { messages: ChatMessage[] }) {
    yield { type: 'final', reason: 'stop', promptTokens: 20, evalTokens: 1 };
  });
  const lease = vi.fn(async (_request: { model: RunnerModel }) => ({
    runner: { generate, info: { engine: 'double', capabilities } },
    ...{ loadMs: 0, reading() {}, release() {} },
  }));
  const scheduler = { lease } as unknown as Scheduler;
  const deps = { ...openHouse([]).deps, registry: disk.registry, scheduler };
  const request = new Request(SITE + path, { method: 'POST', body: JSON.stringify(body) });
  const response = await createHandle(deps, SITE)(request);
  const answer = (await response.json()) as Json;
  return {
    answer: { status: response.status, ...answer },
    model: lease.mock.calls[0]?.[0].model,
    messages: generate.mock.calls[0]?.[1].messages,
  };
}

const message = { role: 'user', content: 'hi' };
const chat = (images: string[], model = 'sees:1') => ({
  ...{ model, stream: false },
  messages: [{ ...message, ...(images.length > 0 && { images }) }],
});

describe('a model with a projector', () => {
  it('is told of as one that sees, and llama.cpp’s', async () => {
    expect(await ask('api/show', { model: 'sees:1' })).toMatchObject({
      capabilities: expect.arrayContaining(['completion', 'vision']) as string[],
      projector_info: { 'clip.projector_type': 'mlp' },
      modelfile: expect.stringMatching(/^FROM sha256-.*\nFROM sha256-/m) as string,
    });
    expect(await listed('api/tags')).toMatchObject([
      { capabilities: expect.arrayContaining(['vision']) as string[] },
    ]);
    expect(await listed('api/paddock/models')).toMatchObject([
      {
        capabilities: expect.arrayContaining(['vision']) as string[],
        engine: { engine: 'wllama', reason: 'Paddock’s own engine sees no images.' },
      },
    ]);
  });

  it('comes to the runner with it, by its role, and counts its bytes', async () => {
    const { model } = await asked('api/chat', chat([]));
    expect(model).toEqual({
      format: 'gguf',
      files: [{ digest: files.weights }, { digest: files.projector, role: 'projector' }],
      size: WEIGHTS.length + PROJECTOR.length,
    });
  });

  it('keeps it in a copy, and in a model that is made of it', async () => {
    await ask('api/copy', { source: 'sees:1', destination: 'copy:1' });
    await ask('api/create', { model: 'made:1', from: 'sees:1', system: 'Be kind.', stream: false });
    await ask('api/paddock/gc', {});
    const deleted = await disk.handle(
      new Request(`${SITE}api/delete`, { method: 'DELETE', body: '{"model":"sees:1"}' }),
    );
    expect(deleted.status).toBe(200);
    for (const name of ['copy:1', 'made:1']) {
      const { model } = await asked('api/chat', chat([], name));
      expect(model!.files[1]).toEqual({ digest: files.projector, role: 'projector' });
      const { files: exported } = await ask('api/paddock/files', { model: name });
      expect(exported).toMatchObject([{ kind: 'model' }, { kind: 'projector' }]);
    }
  });

  it.each<[string, object]>([
    ['api/chat', chat([PNG])],
    ['api/generate', { model: 'sees:1', prompt: 'hi', images: [PNG], stream: false }],
    [
      'v1/chat/completions',
      {
        model: 'sees:1',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'hi' },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
            ],
          },
        ],
      },
    ],
  ])('is shown images by %s', async (path, body) => {
    const { answer, messages } = await asked(path, body);
    expect(answer.status).toBe(200);
    expect(messages).toMatchObject([{ role: 'user', content: 'hi' }]);
    expect(messages![0]!.images).toEqual([Uint8Array.from(atob(PNG), (l) => l.charCodeAt(0))]);
  });

  it('is not shown what is no image, or too much of one', async () => {
    const { answer } = await asked('api/chat', chat(['aGVsbG8=']));
    expect(answer).toMatchObject({
      status: 400,
      error: 'an image must be a PNG, JPEG or WebP file',
    });
    const large = await asked('api/chat', chat([btoa('\x89PNG\r\n\x1a\n'.padEnd(20_000_001))]));
    expect(large.answer).toMatchObject({ error: 'image 1 is larger than 20 MB' });
    expect(large.model).toBeUndefined();
  });

  it('says so where llama.cpp does not know the projector', async () => {
    const { answer } = await asked('api/chat', chat([PNG]), ['completion', 'chat']);
    expect(answer).toMatchObject({ status: 400, error: '"sees:1" does not support images' });
  });
});

it('a model without one is not loaded for images, whatever its weights say', async () => {
  const weights = smallGguf({ numbers: { 'llama.vision.block_count': 2 } });
  const files = { 'm.gguf': await store(weights) };
  await disk.post('api/create', { model: 'blind:1', files, stream: false });
  const { answer, model } = await asked('api/chat', chat([PNG], 'blind:1'));
  expect(answer).toMatchObject({ status: 400, error: 'this model does not support images' });
  expect(model).toBeUndefined();
});
