import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '#core/digest';
import { LAYER_PREFIX, MANIFEST_TYPE } from '#core/manifest';
import { parseName } from '#core/names';
import type { FileFacts, ModelFile } from '#core/paddock-api';
import { giveBlob } from '../../workers/host/give-blob';
import { smallGguf, smallPart, type SmallGguf } from '../fixtures/disk-gguf';
import { openDiskHouse } from '../fixtures/disk-house';
import { SITE, lines } from '../fixtures/house';

let disk: Awaited<ReturnType<typeof openDiskHouse>>;
beforeEach(async () => {
  disk = await openDiskHouse();
});

const NAMED = {
  'general.basename': 'SmolLM2',
  'general.size_label': '135M',
  'general.finetune': 'Instruct',
};

async function inspect(bytes: Uint8Array<ArrayBuffer>, name = 'some.gguf') {
  const path = `api/paddock/inspect?file=${encodeURIComponent(name)}`;
  const response = await disk.post(path, new Blob([bytes]));
  return (await response.json()) as FileFacts & { error?: string; code?: string };
}

/** Stores `bytes` and returns the last line. */
async function store(bytes: Uint8Array<ArrayBuffer>, digest = '') {
  const query = digest && `?digest=${digest}`;
  const response = await disk.post(`api/paddock/blobs${query}`, new Blob([bytes]));
  return (await lines(response)).at(-1)!;
}

function kept() {
  return [...disk.house.store.committed.keys(), ...disk.house.store.unfinished.keys()];
}

describe('a file', () => {
  const named: [string, SmallGguf, string, string][] = [
    [
      'its parts',
      { texts: NAMED, numbers: { 'general.file_type': 3 } },
      '',
      'smollm2-135m-instruct:q4_1',
    ],
    ['its name', { texts: { 'general.name': 'Acme/Café  Chat!' } }, '', 'caf-chat:f32'],
    ['the file', {}, 'Qwen2.5-0.5B-Q4_K_M.gguf', 'qwen2.5-0.5b:f32'],
    ['a part’s file', {}, 'dir\\big-Q8_0-00001-of-00002.gguf', 'big:f32'],
    ['nothing', { texts: { 'general.name': '../..' } }, '…', 'model:f32'],
    ['too much', { texts: { 'general.name': 'x'.repeat(500) } }, '', `${'x'.repeat(80)}:f32`],
    ['no other', { texts: { 'general.name': '__proto__' } }, '', '__proto__:f32'],
  ];
  it.each(named)('is called after %s', async (_, parts, file, name) => {
    const facts = await inspect(smallGguf(parts), file);
    expect(facts.name).toBe(name);
    expect(parseName(facts.name)).not.toBeNull();
  });

  it.each<[FileFacts['kind'], SmallGguf]>([
    ['model', {}],
    ['projector', { texts: { 'general.architecture': 'clip' } }],
    ['projector', { texts: { 'general.type': 'mmproj' } }],
    ['adapter', { texts: { 'general.type': 'adapter' } }],
  ])('is a %s', async (kind, parts) => {
    expect((await inspect(smallGguf(parts))).kind).toBe(kind);
  });

  it('is part of one, also without the model’s own words', async () => {
    const numbers = { 'split.no': 1, 'split.count': 3 };
    const facts = await inspect(smallGguf({ texts: { 'general.architecture': '' }, numbers }));
    expect(facts.part).toEqual({ number: 2, of: 3 });
  });

  it.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ['is empty', new Uint8Array(), 'it has 0 bytes'],
    [
      'is a web page',
      new TextEncoder().encode('<!doctype html><p>404 Not Found'),
      'begin with "GGUF"',
    ],
    ['is cut off', smallGguf().slice(0, -4000), 'larger than the file'],
    ['is cut off in its header', smallGguf().slice(0, 60), 'ends in the middle of its header'],
    ['is big-endian', smallGguf({ version: 0x03000000 }), 'it is big-endian'],
    ['has no tensors', smallGguf({ tensors: [] }), 'no tensors'],
    ['has other data', smallGguf({ texts: { 'general.type': 'imatrix' } }), 'imatrix'],
    ['is part 4 of 3', smallGguf({ numbers: { 'split.no': 3, 'split.count': 3 } }), 'part 4 of 3'],
  ])('that %s is refused before a byte is stored', async (_, bytes, why) => {
    const answer = await inspect(bytes);
    expect(answer).toMatchObject({ code: 'model_unreadable' });
    expect(answer.error).toContain(why);
    const stored = await disk.post('api/paddock/blobs', new Blob([bytes]));
    expect(stored.status).toBe(500);
    expect(await stored.json()).toEqual(answer);
    expect(kept()).toEqual([]);
  });
});

describe('storing', () => {
  it('tells how far it is and which digest was found', async () => {
    const bytes = smallGguf({ data: 3_000_000 });
    const all = await lines(await disk.post('api/paddock/blobs', new Blob([bytes])));
    const digest = await digestOf(bytes);
    const done = { status: 'success', completed: bytes.length, total: bytes.length, digest };
    expect(all.at(-1)).toEqual(done);
    expect(all.length).toBeGreaterThan(1);
    expect(kept()).toEqual([digest]);
  });

  it('keeps one of two equal files', async () => {
    const bytes = smallGguf();
    await store(bytes);
    expect(await store(bytes)).toMatchObject({ status: 'success' });
    expect(kept()).toEqual([await digestOf(bytes)]);
  });

  it('does not read what is here', async () => {
    const bytes = new TextEncoder().encode('a template');
    const digest = await digestOf(bytes);
    disk.house.store.put(digest, bytes);
    const unread = new Blob([bytes]);
    unread.slice = () => {
      throw new Error('It was read.');
    };
    const steps = disk.registry.storeBytes(unread, digest, new AbortController().signal);
    let step = await steps.next();
    while (!step.done) step = await steps.next();
    expect(step.value).toBe(digest);
  });

  it('leaves what is here alone, whatever comes in its name', async () => {
    const bytes = smallGguf();
    const digest = await digestOf(bytes);
    await store(bytes);
    expect(await store(smallGguf({ data: 9000 }), digest)).toMatchObject({ digest });
    expect(await disk.registry.blobSize(digest)).toBe(bytes.length);
  });

  it('refuses other bytes than the digest says, and keeps nothing', async () => {
    const bytes = new TextEncoder().encode('a template');
    const digest = await digestOf(new TextEncoder().encode('another'));
    expect(await store(bytes, digest)).toMatchObject({ code: 'digest_mismatch' });
    expect(kept()).toEqual([]);
  });

  it('asks for room before the first byte', async () => {
    disk.house.space = { quota: 1000, usage: 0 };
    const bytes = smallGguf();
    const detail = { needed: bytes.length, free: 1000 };
    expect(await store(bytes)).toMatchObject({ code: 'storage_full', detail });
    expect(kept()).toEqual([]);
  });

  it('that nobody waits for leaves nothing', async () => {
    const bytes = smallGguf({ data: 5_000_000 });
    const response = await disk.post('api/paddock/blobs', new Blob([bytes]));
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await expect.poll(kept).toEqual([]);
  });

  it.each(['', 'sha256:1', `sha256:${'g'.repeat(64)}`, `md5:${'0'.repeat(64)}`, '../../x'])(
    'refuses the digest %j',
    async (digest) => {
      const query = `?digest=${encodeURIComponent(digest)}`;
      const answer = await disk.post(`api/paddock/blobs${query}`, new Blob(['x']));
      expect(answer.status).toBe(400);
      expect(kept()).toEqual([]);
    },
  );
});

describe('installing', () => {
  it('makes a model of files, which goes back to disk as it came', async () => {
    const weights = smallGguf({ texts: NAMED, numbers: { 'general.file_type': 3 } });
    const projector = smallGguf({ texts: { 'general.architecture': 'clip' } });
    const files = [
      { kind: 'projector', digest: (await store(projector)).digest, name: 'mmproj.gguf' },
      { kind: 'model', digest: (await store(weights)).digest, name: 'x.gguf' },
    ];
    const made = await disk.post('api/paddock/manifests', { name: 'smol:chat', files });
    expect(await made.json()).toEqual({ status: 'success' });
    const [model] = await disk.registry.list();
    expect(model).toMatchObject({ name: 'smol:chat', config: { file_type: 'Q4_1' } });

    const answer = await disk.post('api/paddock/files', { model: 'smol:chat' });
    const back = ((await answer.json()) as { files: ModelFile[] }).files;
    expect(back).toMatchObject([
      { name: 'smol-chat.gguf', kind: 'model', size: weights.length },
      { name: 'mmproj-smol-chat.gguf', kind: 'projector', size: projector.length },
    ]);
    const wanted = { model: 'smol:chat', digest: await digestOf(weights) };
    const blob = await giveBlob(disk.registry, wanted);
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(weights);
    for (const digest of ['', '../../x', await digestOf(new Uint8Array())]) {
      const other = giveBlob(disk.registry, { ...wanted, digest });
      await expect(other).rejects.toMatchObject({ code: 'model_not_found' });
    }
  });

  it('puts the parts of a model in their order', async () => {
    const files: object[] = [];
    for (const number of [3, 1, 2]) {
      files.push({ kind: 'model', digest: (await store(smallPart(number, 3))).digest, name: '' });
    }
    const [third, first, second] = files;
    await disk.post('api/paddock/manifests', { name: 'hf.co/acme/big', files });
    const answer = await disk.post('api/paddock/files', { model: 'hf.co/acme/big' });
    const back = ((await answer.json()) as { files: ModelFile[] }).files;
    expect(back).toMatchObject(
      [first, second, third].map((file, at) => ({
        digest: (file as ModelFile).digest,
        name: `big-0000${at + 1}-of-00003.gguf`,
      })),
    );
  });

  it('takes a manifest over byte for byte', async () => {
    const { text, blobs } = await ollamaModel();
    for (const bytes of blobs) await store(bytes, await digestOf(bytes));
    const answer = await disk.post('api/paddock/manifests', { name: 'taken', manifest: text });
    expect(await answer.json()).toEqual({ status: 'success' });
    const [model] = await disk.registry.list();
    expect(model!.digest).toBe(await digestOf(new TextEncoder().encode(text)));
  });

  it('of a model with a missing blob changes nothing', async () => {
    const { text, blobs } = await ollamaModel();
    for (const bytes of blobs.slice(1)) await store(bytes, await digestOf(bytes));
    const answer = await disk.post('api/paddock/manifests', { name: 'taken', manifest: text });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: string }).error).toContain(await digestOf(blobs[0]!));
    expect((await disk.house.db.manifests()).good).toEqual([]);
  });

  it('of a blob with another size than the manifest says changes nothing', async () => {
    const { text, blobs } = await ollamaModel();
    for (const bytes of blobs) await store(bytes, await digestOf(bytes));
    const size = `"size":${blobs[0]!.length}`;
    const manifest = text.replace(size, `"size":${blobs[0]!.length + 1}`);
    expect(manifest).not.toBe(text);
    const answer = await disk.post('api/paddock/manifests', { name: 'taken', manifest });
    expect(answer.status).toBe(400);
    expect((await disk.house.db.manifests()).good).toEqual([]);
  });

  it('in the place of another frees what nobody needs', async () => {
    for (const seed of [1, 2]) {
      const digest = (await store(smallGguf({ seed }))).digest as string;
      const files = [{ kind: 'model', digest, name: '' }];
      await disk.post('api/paddock/manifests', { name: 'same', files });
    }
    expect(kept()).not.toContain(await digestOf(smallGguf({ seed: 1 })));
    expect(kept()).toContain(await digestOf(smallGguf({ seed: 2 })));
  });

  it.each([
    ['no files', { files: [] }],
    ['files that are none', { files: 'all' }],
    ['a file without digest', { files: [{ kind: 'model' }] }],
    ['a digest that is a path', { files: [{ kind: 'model', digest: '../../etc' }] }],
    ['a blob that is not here', { files: [{ kind: 'model', digest: `sha256:${'0'.repeat(64)}` }] }],
    ['a kind that is none', { files: [{ kind: '__proto__', digest: `sha256:${'0'.repeat(64)}` }] }],
    ['a manifest that is none', { manifest: '<!doctype html>' }],
    ['a manifest without layers', { manifest: '{"schemaVersion":2,"layers":[]}' }],
    ['a manifest of another type', { manifest: { layers: [] } }],
  ])('refuses %s', async (_, body) => {
    const answer = await disk.post('api/paddock/manifests', { name: 'hostile', ...body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(((await answer.json()) as { code: string }).code).not.toBe('internal');
    expect((await disk.house.db.manifests()).good).toEqual([]);
  });

  it('refuses 10,000 hostile names', async () => {
    const { text, blobs } = await ollamaModel();
    for (const bytes of blobs) await store(bytes, await digestOf(bytes));
    const before = kept().length;
    const seeds = [
      '../',
      '..\\',
      'a/../b',
      '\0',
      'a:b:c:',
      '%2e%2e/',
      '☃',
      ' ',
      'a//b',
      '/a',
      '.a',
      '-',
    ];
    for (let at = 0; at < 10_000; at++) {
      const name = `${seeds[at % seeds.length]}${at}${seeds[(at * 7 + 3) % seeds.length]}/../`;
      const { status } = await disk.post('api/paddock/manifests', { name, manifest: text });
      expect(status, name).toBe(400);
    }
    expect((await disk.house.db.manifests()).good).toEqual([]);
    expect(kept()).toHaveLength(before);
  }, 60_000);
});

it('gives no blob of a model that is not installed', async () => {
  const digest = await digestOf(smallGguf());
  await store(smallGguf());
  for (const model of ['none', '', '../..']) {
    const asked = giveBlob(disk.registry, { model, digest });
    await expect(asked).rejects.toMatchObject({ code: 'model_not_found' });
  }
  const answer = await disk.post('api/paddock/files', { model: 'none' });
  expect(answer.status).toBe(404);
});

it('answers no GET', async () => {
  for (const path of ['inspect', 'blobs', 'manifests', 'files']) {
    const { status } = await disk.handle(new Request(`${SITE}api/paddock/${path}`));
    expect(status).toBe(405);
  }
});

/** A model as Ollama keeps it: the manifest's text, and its blobs, the weights first. */
async function ollamaModel() {
  const encode = (text: string) => new TextEncoder().encode(text);
  const config = encode('{"model_format":"gguf","model_family":"llama"}');
  const blobs = [smallGguf(), encode('{{ .Prompt }}'), encode('Be brief.'), config];
  const layer = async (mediaType: string, bytes: Uint8Array<ArrayBuffer>) => ({
    mediaType,
    digest: await digestOf(bytes),
    size: bytes.length,
  });
  const kinds = ['model', 'template', 'system'];
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: await layer('application/vnd.docker.container.image.v1+json', config),
    layers: await Promise.all(kinds.map((kind, at) => layer(LAYER_PREFIX + kind, blobs[at]!))),
  });
  return { text: `${text}\n`, blobs };
}
