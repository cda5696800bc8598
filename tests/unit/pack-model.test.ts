/** The packer: what it writes is what the site's registry reads, and what it refuses leaves nothing behind. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf } from '#core/manifest';
import { parseName } from '#core/names';
import { packCommand } from '../../scripts/pack/command';
import { sentenceFor } from '../../scripts/refusal';
import { siteBytes, starterBytes } from '../../scripts/fixtures/starter-bytes';
import { filesUnder } from '../../scripts/post-build/site-files';
import { StaticSource } from '../../workers/host/registry/sources/static';
import { FakeHost } from '../fixtures/fake-host';
import { ARCHITECTURE, gguf, pair, STRING, tensor, U32 } from '../fixtures/gguf-builder';
import { randomModel } from '../fixtures/random-model';

/** Cut in parts of 512 KiB it makes four. */
const model = new Uint8Array(randomModel({ type: 'Q8_0' }));

let dir: string;
let out: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'paddock-pack-'));
  out = join(dir, 'site');
});

afterEach(() => rmSync(dir, { recursive: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

interface Outcome {
  code: number;
  said: string;
}

/** What the command says, and the code it ends with. */
async function pack(args: string[]): Promise<Outcome> {
  const said: string[] = [];
  try {
    said.push(await packCommand([...args, '--out', out], (warning) => said.push(warning)));
    return { code: 0, said: said.join('\n') };
  } catch (error) {
    return { code: 1, said: [...said, sentenceFor(error) ?? String(error)].join('\n') };
  }
}

/** The same in a process of its own. @param limit a line of bash before it */
async function packAlone(args: string[], limit = ''): Promise<Outcome> {
  const command = ['--import', 'tsx', 'scripts/pack-model.ts', ...args, '--out', out];
  const shell = ['-c', `${limit} exec "$0" "$@"`, process.execPath, ...command];
  return promisify(execFile)('bash', shell).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
  );
}

function siteFiles(): Map<string, Uint8Array> {
  return new Map(filesUnder(out).map((path) => [path, readFileSync(join(out, path))]));
}

/** What the site's own registry makes of the folder. */
async function resolved(text: string) {
  const host = new FakeHost(siteFiles());
  const source = new StaticSource({ siteUrl: host.root, fetch: host.fetch });
  const name = parseName(text)!;
  const signal = new AbortController().signal;
  const plan = await source.resolve({ name }, signal);
  const { manifest } = plan;
  const [weights] = layersOf(manifest, 'model');
  const origin = await plan.origin(weights!, signal);
  const parts =
    origin.kind === 'parts'
      ? origin.parts
      : [{ ...weights!, url: (origin as { url: string }).url }];
  const bytesAt = (url: string) => host.files.get(url.slice(host.root.length))!;
  const small = (digest: string) =>
    new TextDecoder().decode(host.files.get(pathOf(digest.replace(':', '-'))));
  const pathOf = (blob: string) => [...host.files.keys()].find((path) => path.endsWith(blob))!;
  return { manifest, weights: weights!, parts, bytesAt, small };
}

it('publishes a model that the site reads back, part by part', async () => {
  const path = file('model.gguf', model);
  const license = file('LICENSE', 'You may.\n');
  const template = file('template', '{{ .Prompt }}');
  const layers = ['--license', license, '--template', template, '--system', 'Be brief.'];
  const params = ['temperature=0.5', 'stop=</s>', 'stop=3', 'num_ctx=512'];
  const { code, said } = await pack([
    path,
    ...['--name', 'Acme/Chat:1B', '--part-size', '512KiB', ...layers],
    ...params.flatMap((param) => ['--param', param]),
  ]);
  expect(code).toBe(0);
  expect(said).toContain('Acme/Chat:1B');
  expect(readdirSync(join(out, 'v2'))).toEqual(['acme']);

  const { manifest, weights, parts, bytesAt, small } = await resolved('acme/chat:1b');
  expect(weights.size).toBe(model.length);
  expect(weights.digest).toBe(await digestOf(model));
  expect(parts.map(({ size }) => size)).toEqual([
    524288,
    524288,
    524288,
    model.length - 3 * 524288,
  ]);
  const joined = createHash('sha256');
  for (const { url, digest, size } of parts) {
    const part = bytesAt(url);
    expect(part.length).toBe(size);
    expect(await digestOf(new Uint8Array(part))).toBe(digest);
    joined.update(part);
  }
  expect(`sha256:${joined.digest('hex')}`).toBe(weights.digest);

  expect(JSON.parse(small(manifest.config.digest))).toEqual({
    model_format: 'gguf',
    model_family: 'llama',
    model_families: ['llama'],
    model_type: expect.stringMatching(/^1\.\d+M$/) as string,
    file_type: 'Q8_0',
  });
  const text = (kind: Parameters<typeof layersOf>[1]) => small(layersOf(manifest, kind)[0]!.digest);
  expect(text('license')).toBe('You may.\n');
  expect(text('template')).toBe('{{ .Prompt }}');
  expect(text('system')).toBe('Be brief.');
  expect(JSON.parse(text('params'))).toEqual({
    temperature: 0.5,
    stop: ['</s>', '3'],
    num_ctx: 512,
  });
});

it('takes the name from the file where none is given', async () => {
  expect((await pack([file('My Model.gguf', gguf())])).code).toBe(0);
  expect((await resolved('my-model')).parts).toHaveLength(1);
});

it('verifies what is there, and writes only what is damaged', async () => {
  const args = [file('model.gguf', model), '--name', 'm', '--part-size', '512KiB'];
  await pack(args);
  const before = siteFiles();
  const blobs = [...before.keys()].filter((path) => before.get(path)!.length === 524288);
  const [damaged, lost] = blobs as [string, string];
  writeFileSync(join(out, damaged), new Uint8Array(524288));
  rmSync(join(out, lost));
  expect((await pack(args)).code).toBe(0);
  const after = siteFiles();
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [path, bytes] of after) expect(Buffer.compare(bytes, before.get(path)!), path).toBe(0);
});

it('made the site’s own models: the same commands make the same bytes', async () => {
  const vectors = file('minilm.gguf', await siteBytes('all-minilm', '22m'));
  for (const name of ['all-minilm:22m', 'all-minilm:latest']) {
    const args = [vectors, '--name', name, '--license', 'LICENSE', '--param', 'num_ctx=256'];
    // Nothing is warned of: llama.cpp runs it, and nobody chats with it.
    const said = expect.stringMatching(new RegExp(`^${name} is in`)) as string;
    expect(await pack(args)).toEqual({ code: 0, said });
  }
  const path = file('starter.gguf', await starterBytes());
  const params = ['stop=<|im_start|>', 'stop=<|im_end|>', 'temperature=0.2', 'top_p=0.9'];
  const { code, said } = await pack([
    ...[path, '--name', 'smollm2:135m', '--license', 'LICENSE'],
    ...[...params, 'repeat_penalty=1.1'].flatMap((param) => ['--param', param]),
  ]);
  expect([code, said]).toEqual([0, expect.stringMatching(/^smollm2:135m is in/)]);
  const made = filesUnder(out).map((path) => relative('v2', path));
  expect(made).toEqual(filesUnder('static/v2'));
  for (const path of made) {
    const same = readFileSync(join(out, 'v2', path)).equals(readFileSync(join('static/v2', path)));
    expect(same, path).toBe(true);
  }
}, 60_000);

describe('refuses with a sentence, and leaves nothing', () => {
  const split = gguf({ pairs: [ARCHITECTURE, pair('split.count', U32, { u32: 3 })] });
  const projector = gguf({
    pairs: [ARCHITECTURE, pair('general.type', STRING, { text: 'mmproj' })],
  });
  const cases: [string, () => string[], RegExp][] = [
    ['no file', () => [], /^Usage: npm run pack-model/],
    ['a file that is not there', () => [join(dir, 'none.gguf')], /none\.gguf is not there\./],
    ['a folder', () => [dir], /is (not a file|a folder)/],
    ['an empty file', () => [file('m', '')], /m cannot be published\. .*it has 0 bytes\. Download/],
    ['another format', () => [file('m', 'x'.repeat(99))], /does not begin with "GGUF"/],
    ['half a file', () => [file('m', model.subarray(0, -99))], /past the end of the file/],
    ['a piece of a model', () => [file('m', split)], /one of 3 files/],
    ['the image part', () => [file('m', projector)], /image part of another model/],
    ['a bad name', () => [file('m', gguf()), '--name', 'a b'], /"a b" does not make a model name/],
    ['a host', () => [file('m', gguf()), '--name', 'x.y/a/b:c'], /names a host.*--name a\/b:c\./],
    ['a part too large', () => [file('m', gguf()), '--part-size', '26MiB'], /at most 25MiB/],
    ['a wrong param', () => [file('m', gguf()), '--param', 'top_k=x'], /"top_k" must be of type/],
    ['half a param', () => [file('m', gguf()), '--param', 'x'], /--param is "x"/],
    ['a missing license', () => [file('m', gguf()), '--license', 'none'], /^none is not there/],
    ['an unknown option', () => [file('m', gguf()), '--nmae', 'x'], /Unknown option '--nmae'/],
  ];
  it.each(cases)('%s', async (_, args, sentence) => {
    const { code, said } = await pack(args());
    expect(said).toMatch(sentence);
    expect(code).toBe(1);
    expect(existsSync(out)).toBe(false);
  });

  it('in the shell: the sentence alone, and exit code 1', async () => {
    const { code, said } = await packAlone([file('m', 'x'.repeat(99))]);
    expect(said).toMatch(/^.*does not begin with "GGUF".*\n$/);
    expect(code).toBe(1);
  });

  it('a disk that takes no more', async () => {
    const kept = join(out, 'kept');
    mkdirSync(out);
    writeFileSync(kept, 'mine');
    const args = [file('m.gguf', model), '--part-size', '1MiB'];
    // Blocks of 1 KiB: the first part fits in no file.
    const { code, said } = await packAlone(args, 'ulimit -f 900;');
    expect(said).toContain('The system refuses files of this size.');
    expect(code).toBe(1);
    expect(filesUnder(out)).toEqual(['kept']);
    expect(readdirSync(out)).toEqual(['kept']);
  });
});

it('says which engine runs what ours does not know', async () => {
  const gemma = gguf({ pairs: [pair('general.architecture', STRING, { text: 'gemma3' })] });
  const { code, said } = await pack([file('gemma.gguf', gemma)]);
  expect(said).toMatch(
    /own engine cannot run this model: its architecture is "gemma3"\. llama\.cpp takes/,
  );
  expect(code).toBe(0);
});

it('does not take a tensor of a type that nobody knows', async () => {
  const unknown = gguf({ tensors: [tensor('w', [64n], 99, 0n)] });
  expect((await pack([file('m', unknown)])).said).toContain('the unknown type 99');
});
