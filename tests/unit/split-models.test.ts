/** Models of several files, and their templates, through the server's door: what is told, refused, and asked of a runner. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf } from '#core/digest';
import type { ModelFile } from '#core/paddock-api';
import { createHandle } from '../../workers/host/server/handle';
import type { Scheduler } from '../../workers/host/scheduler/scheduler';
import { smallGguf, smallPart } from '../fixtures/disk-gguf';
import { openDiskHouse } from '../fixtures/disk-house';
import { openHouse, SITE } from '../fixtures/house';
import { randomModel, randomParts } from '../fixtures/random-model';

let disk: Awaited<ReturnType<typeof openDiskHouse>>;
beforeEach(async () => {
  disk = await openDiskHouse();
});

type Bytes = Uint8Array<ArrayBuffer>;
type Json = Record<string, unknown>;

const OPTIONS = { type: 'Q8_0', seed: 4 } as const;
const WHOLE = randomModel(OPTIONS) as Bytes;
const PARTS = randomParts(OPTIONS, 3) as Bytes[];

async function store(bytes: Bytes) {
  const digest = await digestOf(bytes);
  await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
  return { digest, size: bytes.length };
}

/** A manifest as another registry may have it: in this order, whatever the files say. */
async function install(name: string, files: [kind: string, bytes: Bytes][]) {
  const layer = async ([kind, bytes]: [string, Bytes]) => ({
    mediaType: `application/vnd.ollama.image.${kind}`,
    ...(await store(bytes)),
  });
  const config = new TextEncoder().encode('{"model_format":"gguf","model_family":"llama"}');
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { mediaType: 'x', ...(await store(config)) },
    layers: await Promise.all(files.map(layer)),
  });
  expect((await disk.post('api/paddock/manifests', { name, manifest })).status).toBe(200);
}

const weights = (...files: Bytes[]) => files.map((bytes): [string, Bytes] => ['model', bytes]);

async function ask(path: string, body: object): Promise<Json> {
  const response = await disk.post(path, body);
  return { status: response.status, ...((await response.json()) as Json) };
}

async function engineOf(name: string): Promise<Json> {
  const response = await disk.handle(new Request(`${SITE}api/paddock/models`));
  const { models } = (await response.json()) as { models: { name: string; engine: Json }[] };
  return models.find((model) => model.name === name)!.engine;
}

/** What a chat asks of the scheduler and of the runner. */
async function asked(path: string, body: object) {
  const generate = vi.fn(async function* (_method: string, _params: object) {
    yield { type: 'final', reason: 'stop' };
  });
  const lease = vi.fn(async (_request: { model: Json }) => ({
    runner: { generate, info: { engine: 'double', capabilities: [] } },
    ...{ loadMs: 0, reading() {}, release() {} },
  }));
  const scheduler = { lease } as unknown as Scheduler;
  const deps = { ...openHouse([]).deps, registry: disk.registry, scheduler };
  const request = new Request(SITE + path, { method: 'POST', body: JSON.stringify(body) });
  const response = await createHandle(deps, SITE)(request);
  const answer = (await response.json()) as Json;
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return { model: lease.mock.calls[0]![0].model, params: generate.mock.calls[0]![1] as Json };
}

const message = { role: 'user', content: 'hi' };
const CHAT = { messages: [message], stream: false };

describe('a model whose parts are in a wrong order in the manifest', () => {
  beforeEach(() => install('cut:1', weights(PARTS[2]!, PARTS[0]!, PARTS[1]!)));

  it('is run by our own engine, as the whole one is', async () => {
    await install('whole:1', weights(WHOLE));
    expect(await engineOf('cut:1')).toEqual({ engine: 'paddock', backend: 'wasm' });
    expect(await engineOf('cut:1')).toEqual(await engineOf('whole:1'));
  });

  it('is shown as the whole one is', async () => {
    await install('whole:1', weights(WHOLE));
    const [cut, whole] = await Promise.all(
      ['cut:1', 'whole:1'].map((model) => ask('api/show', { model, verbose: true })),
    );
    for (const key of ['tensors', 'tensor_types', 'capabilities', 'template']) {
      expect(cut![key], key).toEqual(whole![key]);
    }
    expect(cut!.details).toMatchObject({ context_length: 2048, embedding_length: 256 });
    expect(cut!.model_info).toMatchObject({ ...(whole!.model_info as Json), 'split.count': 3 });
  });

  it('goes to a runner with all its files, and the bytes of all', async () => {
    const { model } = await asked('api/chat', { model: 'cut:1', ...CHAT });
    const digests = await Promise.all(PARTS.map((part) => digestOf(part)));
    expect(model).toEqual({
      format: 'gguf',
      files: [2, 0, 1].map((at) => ({ digest: digests[at] })),
      size: PARTS.reduce((sum, { length }) => sum + length, 0),
    });
  });

  it('goes back to disk under names that llama.cpp finds', async () => {
    const { files } = (await ask('api/paddock/files', { model: 'cut:1' })) as unknown as {
      files: ModelFile[];
    };
    const named = new Map(files.map(({ digest, name }) => [digest, name]));
    for (const [at, part] of PARTS.entries()) {
      expect(named.get(await digestOf(part))).toBe(`cut-1-0000${at + 1}-of-00003.gguf`);
    }
  });
});

describe('parts that make no whole model', () => {
  const other = randomParts({ ...OPTIONS, architecture: 'qwen2' }, 3) as Bytes[];
  it.each<[string, Bytes[], RegExp]>([
    ['one missing', [PARTS[0]!, PARTS[2]!], /part 2 of 3 is missing/],
    ['the same twice', [PARTS[0]!, PARTS[1]!, PARTS[1]!], /part 2 of 3 is there twice/],
    ['of another cut', [smallPart(1, 3), smallPart(2, 4)], /cut in 3 and one in 4/],
    ['of another model', [PARTS[0]!, other[1]!, PARTS[2]!], /numbers of tensors are|is in two/],
    [
      'one cut short',
      [PARTS[0]!, PARTS[1]!.slice(0, -9000), PARTS[2]!],
      /Of file 2 of 3: .*past the end/,
    ],
    ['files that are no parts', [smallGguf(), smallGguf({ seed: 2 })], /file 1 of 2 is no part/],
  ])(
    '%s: listed with the reason, and refused before a runner starts',
    async (_what, files, words) => {
      await install('bad:1', weights(...files));
      expect(await engineOf('bad:1')).toEqual({
        engine: null,
        reason: expect.stringMatching(words) as string,
      });
      const answer = await ask('api/chat', { model: 'bad:1', ...CHAT });
      expect(answer).toMatchObject({ code: 'model_unreadable' });
      expect(answer.error).toMatch(words);
      // Its owner may have the files back all the same.
      const back = await ask('api/paddock/files', { model: 'bad:1' });
      expect((back.files as unknown[]).length).toBeGreaterThan(0);
    },
  );

  it('are not installed from files', async () => {
    const { digest } = await store(PARTS[1]!);
    const files = [{ kind: 'model', digest, name: 'x.gguf' }];
    const answer = await ask('api/paddock/manifests', { name: 'half', files });
    expect(answer).toMatchObject({ code: 'model_unreadable' });
    expect(answer.error).toMatch(/parts 1, 3 of 3 are missing/);
    expect((await disk.house.db.manifests()).good).toEqual([]);
  });
});

describe('create', () => {
  const named = async (...files: [string, Bytes][]) =>
    Object.fromEntries(
      await Promise.all(
        files.map(async ([name, bytes]) => [name, (await store(bytes)).digest] as const),
      ),
    );

  it('orders parts by what they say, whatever they are called', async () => {
    const files = await named(['c', PARTS[1]!], ['b', PARTS[2]!], ['a', PARTS[0]!]);
    expect(await ask('api/create', { model: 'made', files, stream: false })).toMatchObject({
      status: 'success',
    });
    const { model } = await asked('api/chat', { model: 'made', ...CHAT });
    const digests = await Promise.all(PARTS.map((part) => digestOf(part)));
    expect(model.files).toEqual(digests.map((digest) => ({ digest })));
  });

  it.each<[string, [string, Bytes][], RegExp]>([
    ['a part missing', [['a', PARTS[0]!]], /parts 2, 3 of 3 are missing/],
    [
      'names of two models',
      [
        ['x-00001-of-00002.gguf', smallPart(1, 2)],
        ['y-00002-of-00002.gguf', smallPart(2, 2)],
      ],
      /parts of different models: "x" and "y"/,
    ],
    [
      'the same part twice',
      [
        ['a', smallPart(1, 2)],
        ['b', smallPart(1, 2, { seed: 1 })],
      ],
      /part 1 of 2 is there twice/,
    ],
  ])('refuses %s', async (_what, files, words) => {
    const answer = await ask('api/create', { model: 'bad', files: await named(...files) });
    expect(answer.code).toBe('bad_request');
    expect(answer.error).toMatch(words);
    expect((await disk.house.db.manifests()).good).toEqual([]);
  });
});

describe('a TEMPLATE', () => {
  const text = (value: string) => new TextEncoder().encode(value);
  const JINJA = '{% for m in messages %}{{ m.content }}{% endfor %}';
  const ASKED: [path: string, body: Json][] = [
    ['api/chat', CHAT],
    ['api/generate', { prompt: 'hi', stream: false }],
  ];

  describe.each([JINJA, '{{ .Prompt }}'])('%s', (template) => {
    it.each(ASKED)('goes with what %s asks, and show says that it is used', async (path, body) => {
      await install('m:1', [...weights(WHOLE), ['template', text(template)]]);
      expect((await asked(path, { model: 'm:1', ...body })).params.template).toBe(template);
      const shown = await ask('api/show', { model: 'm:1' });
      expect(shown).toMatchObject({ template, template_used: true });
    });
  });

  it('that only the file has is the engine’s own matter', async () => {
    await install('m:1', weights(WHOLE));
    const { params } = await asked('api/chat', { model: 'm:1', ...CHAT });
    expect(params.template).toBeUndefined();
    const shown = await ask('api/show', { model: 'm:1' });
    expect(shown.template).toContain('<|im_start|>');
    expect(shown).not.toHaveProperty('template_used');
  });
});
