/** Models of the hub: what a repository gives, and what it is refused for. */
import { describe, expect, test } from 'vitest';
import { parsePullTarget } from '#core/pull-target';
import { noise } from '../fixtures/fake-registry';
import { openSources, shapeOf } from '../fixtures/hub/sources';
import { sha256 } from '../fixtures/hub/serve-bytes';

const bytes = noise(300, 1);
const text = (value: string) => new TextEncoder().encode(value);
/** Files of one byte each, by their names. */
const named = (...paths: string[]) =>
  Object.fromEntries(paths.map((path, at) => [path, noise(10 + at, at + 1)]));

test('a tag chooses a file whatever its case, pinned to the commit, with size and digest', async () => {
  const { world, files } = openSources();
  const repo = world.repo('acme/tiny.v1-GGUF', {
    'README.md': text('read me'),
    'tiny-Q4_K_M.gguf': noise(200, 2),
    'tiny-Q8_0.gguf': bytes,
  });
  const plan = await files('hf.co/acme/tiny.v1-GGUF:q8_0');
  const url = `https://huggingface.co${repo.filePath('tiny-Q8_0.gguf')}`;
  expect(plan).toEqual({
    kind: 'files',
    format: 'gguf',
    from: url,
    choices: [
      { tag: 'Q4_K_M', size: 200 },
      { tag: 'Q8_0', size: 300 },
    ],
    files: [
      {
        digest: `sha256:${sha256(bytes)}`,
        size: 300,
        mediaType: 'application/vnd.ollama.image.model',
        name: 'tiny-Q8_0.gguf',
        origin: { kind: 'file', url },
      },
    ],
  });
  // What is kept as its origin finds the same again.
  expect(await files(plan.from)).toEqual(plan);
  expect(world.asked('cdn')).toEqual([]);
});

describe('the choice', () => {
  test.each<[what: string, paths: string[], tag: string, chosen: string[]]>([
    ['Q4_K_M without a tag', ['m-Q8_0.gguf', 'm-Q4_K_M.gguf', 'm-F16.gguf'], '', ['m-Q4_K_M.gguf']],
    [
      'what is nearest to it',
      ['m-Q8_0.gguf', 'm-Q2_K.gguf', 'm-Q5_K_M.gguf'],
      '',
      ['m-Q5_K_M.gguf'],
    ],
    ['the only one', ['whatever.gguf'], '', ['whatever.gguf']],
    ['by a file’s name', ['a-Q8_0.gguf', 'b-Q8_0.gguf'], ':B-q8_0.GGUF', ['b-Q8_0.gguf']],
    ['a better one of the same label', ['m-UD-Q4_K_XL.gguf'], ':q4_k_xl', ['m-UD-Q4_K_XL.gguf']],
    [
      'all files of a split one, in order',
      ['Q8_0/m-00002-of-00003.gguf', 'Q8_0/m-00001-of-00003.gguf', 'Q8_0/m-00003-of-00003.gguf'],
      ':Q8_0',
      [1, 2, 3].map((part) => `Q8_0/m-0000${part}-of-00003.gguf`),
    ],
    [
      'no half of a split one',
      ['m-Q4_K_M-00001-of-00002.gguf', 'm-Q8_0.gguf', 'imatrix.gguf'],
      '',
      ['m-Q8_0.gguf'],
    ],
  ])('%s', async (_what, paths, tag, chosen) => {
    const { world, files } = openSources();
    world.repo('acme/m', named(...paths));
    expect(shapeOf(await files(`hf.co/acme/m${tag}`))).toEqual(
      chosen.map((path) => `model ${path}`),
    );
  });

  test.each<[paths: string[], projector: string]>([
    [['mmproj-model-Q8_0.gguf', 'mmproj-model-f16.gguf'], 'mmproj-model-f16.gguf'],
    [['mmproj-tiny-1B-f16.gguf', 'mmproj-tiny-2B-Q8_0.gguf'], 'mmproj-tiny-2B-Q8_0.gguf'],
  ])('of projectors, of %s', async (paths, projector) => {
    const { world, files } = openSources();
    world.repo('acme/m', named('tiny-2B-Q4_K_M.gguf', ...paths));
    const plan = await files('hf.co/acme/m');
    expect(shapeOf(plan)).toEqual(['model tiny-2B-Q4_K_M.gguf', `projector ${projector}`]);
    expect(plan.choices).toHaveLength(1);
  });

  test('of an address is that file, and the rest of its set', async () => {
    const { world, files } = openSources();
    world.repo(
      'acme/m',
      named('m-Q4_K_M.gguf', 'x/m-00001-of-00002.gguf', 'x/m-00002-of-00002.gguf'),
    );
    const plan = await files('https://huggingface.co/acme/m/blob/main/x/m-00002-of-00002.gguf');
    expect(shapeOf(plan)).toEqual([
      'model x/m-00001-of-00002.gguf',
      'model x/m-00002-of-00002.gguf',
    ]);
    await expect(
      files('https://huggingface.co/acme/m/blob/main/m-Q8_0.gguf'),
    ).rejects.toMatchObject({ code: 'not_in_registry' });
  });
});

test('texts at the root come with it; those without a published digest have none', async () => {
  const { world, files } = openSources();
  world.repo('acme/m', {
    ...named('m.gguf'),
    template: text('{{ .Prompt }}'),
    system: text('Be brief.'),
    params: text('{"temperature":0}'),
    'LICENSE.md': text('Free.'),
    'sub/template': text('not this'),
  });
  const plan = await files('hf.co/acme/m');
  expect(shapeOf(plan)).toEqual([
    'model m.gguf',
    'template template',
    'system system',
    'params params',
    'license LICENSE.md',
  ]);
  expect(plan.files.map(({ digest }) => digest !== null)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('a repository in MLC’s format gives texts and shards, and says that nobody named a library', async () => {
  const { world, files } = openSources();
  const shards = Array.from({ length: 12 }, (_, at) => `params_shard_${at}.bin`);
  const texts = ['mlc-chat-config.json', 'ndarray-cache.json', 'tokenizer.json'];
  const repo = world.repo('acme/m-MLC', named('README.md', ...shards.toReversed(), ...texts));
  const plan = await files('hf.co/acme/m-MLC');
  expect(shapeOf(plan)).toEqual([
    ...texts.map((path) => `json ${path}`),
    ...shards.map((path) => `tensor ${path}`),
  ]);
  expect(plan).toMatchObject({
    format: 'mlc',
    mlc: { quantization: '', library: null },
    from: `https://huggingface.co/acme/m-MLC/tree/${repo.sha}`,
  });
  expect(await files(plan.from)).toEqual(plan);
  repo.files.delete('params_shard_3.bin');
  await expect(files('hf.co/acme/m-MLC')).rejects.toMatchObject({ code: 'no_gguf' });
});

test('a list of many pages is read to its end, from the host that was asked', async () => {
  const { world, access, files } = openSources();
  world.pageSize = 2;
  world.repo('acme/m', named('a.md', 'b.md', 'c/d.md', 'e.md', 'z-Q4_K_M.gguf'));
  await access.setMirror('https://mirror.test/');
  const plan = await files('hf.co/acme/m');
  expect(shapeOf(plan)).toEqual(['model z-Q4_K_M.gguf']);
  expect(plan.files[0]!.origin).toMatchObject({
    url: expect.stringMatching(/^https:\/\/mirror\.test\//) as string,
  });
  expect(plan.from).toMatch(/^https:\/\/huggingface\.co\//);
  expect(world.asked('mirror')).toHaveLength(4);
  expect(world.asked('hub')).toEqual([]);
});

describe('a repository that gives nothing', () => {
  test.each<[what: string, paths: string[], tag: string, expected: object]>([
    [
      'has no model',
      ['a.md', 'config.json', 'b.safetensors'],
      '',
      { code: 'no_gguf', message: 'acme/m holds b.safetensors, config.json, a.md.' },
    ],
    ['is empty', [], '', { code: 'no_gguf', message: 'acme/m is empty.' }],
    [
      'has two that match',
      ['a-Q4_K_M.gguf', 'b-Q4_K_M.gguf'],
      ':q4_k_m',
      { code: 'ambiguous', message: 'hf.co/acme/m:q4_k_m may be a-Q4_K_M or b-Q4_K_M.' },
    ],
    [
      'has two that match no tag',
      ['a-Q4_K_M.gguf', 'b-Q4_K_M.gguf'],
      '',
      { code: 'ambiguous', message: 'hf.co/acme/m:latest may be a-Q4_K_M or b-Q4_K_M.' },
    ],
    [
      'has not the tag',
      ['m-Q4_K_M.gguf', 'm-Q8_0.gguf'],
      ':Q2_K',
      { code: 'not_in_registry', detail: { tags: 'Q4_K_M, Q8_0' } },
    ],
  ])('because it %s', async (_what, paths, tag, expected) => {
    const { world, files } = openSources();
    world.repo('acme/m', named(...paths));
    await expect(files(`hf.co/acme/m${tag}`)).rejects.toMatchObject(expected);
  });

  test('because the file has 0 bytes', async () => {
    const { world, files } = openSources();
    world.repo('acme/m', { 'm.gguf': new Uint8Array() });
    await expect(files('hf.co/acme/m')).rejects.toMatchObject({
      code: 'no_gguf',
      message: 'm.gguf is empty: it has 0 bytes.',
    });
  });

  test('hostile paths in its list are no files', async () => {
    const { world, files } = openSources();
    world.repo('acme/m', {
      ...named(
        '../m.gguf',
        'a//b.gguf',
        'a/../../b.gguf',
        'nul\0.gguf',
        'back\\slash.gguf',
        './x.gguf',
      ),
      ...named('ok-Q8_0.gguf', '__proto__'),
    });
    const plan = await files('hf.co/acme/m');
    expect(shapeOf(plan)).toEqual(['model ok-Q8_0.gguf']);
    expect(plan.choices).toHaveLength(1);
  });

  test.each([
    ['404', { type: 'status', status: 404 }, 'not_in_registry'],
    ['429', { type: 'status', status: 429, retryAfter: 60 }, 'rate_limited'],
    ['403', { type: 'status', status: 403 }, 'unauthorized'],
    ['500', { type: 'status', status: 500 }, 'network'],
    ['a web page', { type: 'page' }, 'not_in_registry'],
    ['half an answer', { type: 'short', length: 20 }, 'bad_manifest'],
    ['nothing', { type: 'offline' }, 'network'],
    ['a break', { type: 'cut', after: 10 }, 'network'],
  ] as const)('because the hub answers %s', async (_what, fault, code) => {
    const { world, files } = openSources();
    world.repo('acme/m', named('m.gguf'));
    world.failAlways('hub', '/api/models/acme/m', fault);
    const failure = files('hf.co/acme/m');
    await expect(failure).rejects.toMatchObject({ code });
    if (code === 'not_in_registry') await expect(failure).rejects.toThrow('hf.co/acme/m');
  });
});

describe('a gated repository', () => {
  const secret = 'hf_secret';

  function gated() {
    const house = openSources();
    house.world.repo('acme/m', named('m.gguf'), { gated: secret });
    return house;
  }

  test('says so before the pull, without a token and with one that is not let in', async () => {
    const { access, files } = gated();
    const detail = (status: number) => ({ code: 'unauthorized', detail: { status } });
    await expect(files('hf.co/acme/m')).rejects.toMatchObject(detail(401));
    await access.setToken('hf.co', 'hf_other');
    await expect(files('hf.co/acme/m')).rejects.toMatchObject(detail(403));
  });

  test('gives its files to the token, which no other host sees', async () => {
    const { world, access, files, fetch } = gated();
    await access.setToken('huggingface.co', secret);
    const plan = await files('hf.co/acme/m');
    const { origin } = plan.files[0]!;
    if (origin.kind !== 'file') throw new Error('a file was expected');
    expect(origin.headers).toEqual({ Authorization: `Bearer ${secret}` });
    expect((await fetch(origin.url, { headers: origin.headers })).ok).toBe(true);
    expect(world.tokensAt('cdn')).toEqual([]);
    expect(world.asked('cdn').length).toBeGreaterThan(0);
  });

  test('the mirror gets the hub’s token only where it was given for the mirror', async () => {
    const { world, access, files } = gated();
    await access.setToken('huggingface.co', secret);
    await access.setMirror('https://mirror.test');
    await expect(files('hf.co/acme/m')).rejects.toMatchObject({ code: 'unauthorized' });
    expect(world.tokensAt('mirror')).toEqual([]);
    await access.setToken('mirror.test', secret);
    await files('hf.co/acme/m');
    expect(world.tokensAt('mirror')).toContain(`Bearer ${secret}`);
  });

  test('and one that is closed is as if it were not there', async () => {
    const { world, access, files } = openSources();
    world.repo('acme/m', named('m.gguf'), { closed: secret });
    await expect(files('hf.co/acme/m')).rejects.toMatchObject({ code: 'unauthorized' });
    await access.setToken('huggingface.co', secret);
    await files('hf.co/acme/m');
  });
});

test('10,000 random addresses and answers of the hub: what is asked stays at the hub, under its repository', async () => {
  const { world, files } = openSources();
  const pieces = [
    '..',
    '/',
    '%2f',
    'a',
    '.gguf',
    '__proto__',
    '\0',
    'é',
    'CON',
    '?',
    '#',
    ':',
    '-',
  ];
  let seed = 3;
  const next = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff);
  const random = () =>
    Array.from({ length: 1 + (next() % 5) }, () => pieces[next() % pieces.length]!).join('');
  let planned = 0;
  for (let at = 0; at < 10_000; at++) {
    const text = at % 2 ? `hf.co/acme/${random()}` : `https://hf.co/acme/m/resolve/${random()}`;
    if (!parsePullTarget(text)) continue;
    world.repo('acme/a', named(`${random()}.gguf`, `${random()}/${random()}.gguf`));
    try {
      const plan = await files(text);
      for (const { origin } of plan.files) {
        if (origin.kind !== 'file') continue;
        expect(new URL(origin.url).pathname).toMatch(/^\/acme\/a\/resolve\/[0-9a-f]{40}\/./);
        planned++;
      }
    } catch (error) {
      expect(error).toMatchObject({ name: 'PaddockError' });
    }
  }
  expect(planned).toBeGreaterThan(10);
  const strange = world.asked('hub').filter((path) => !path.startsWith('/api/models/acme/'));
  expect(strange).toEqual([]);
});
