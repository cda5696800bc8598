/** The embedding model that ships with the site: what is published is what its manifests say, to the byte. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { blobFileName, type Digest } from '#core/digest';
import { readGgufHeader } from '#core/gguf';
import { blobsOf, layersOf, parseManifest, parsePartsList } from '#core/manifest';
import { weightsFacts } from '#core/weights-facts';
import { siteBytes } from '../../scripts/fixtures/starter-bytes';

const ROOT = 'static/v2/library/all-minilm';
const textOf = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8');
const manifest = parseManifest(textOf('manifests/22m'));
const [weights] = layersOf(manifest, 'model');
const list = parsePartsList(textOf(`blobs/${blobFileName(weights!.digest)}.parts.json`), weights!);

const digestOf = (bytes: Uint8Array) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const blob = (digest: Digest) => readFileSync(`${ROOT}/blobs/${blobFileName(digest)}`);

test('each file has the digest that it is called by, and no file is there that nobody names', () => {
  const named = [...blobsOf(manifest).filter((one) => one !== weights), ...list.parts];
  for (const { digest, size } of named) {
    expect(digestOf(blob(digest))).toBe(digest);
    expect(blob(digest).length).toBe(size);
    expect(size).toBeLessThanOrEqual(25 * 1024 * 1024);
  }
  const wanted = named.map(({ digest }) => blobFileName(digest));
  const parts = `${blobFileName(weights!.digest)}.parts.json`;
  expect(readdirSync(`${ROOT}/blobs`).sort()).toEqual([...new Set([...wanted, parts])].sort());
});

test('its parts make the whole file, of the digest that its weights were given', async () => {
  const bytes = await siteBytes('all-minilm', '22m');
  expect(digestOf(bytes)).toBe(
    'sha256:727342a1b45bf9922a18b88166a87e02001ce65825e1053bc074b0c78eb9cb32',
  );
  expect(digestOf(bytes)).toBe(weights!.digest);
  const read = (at: number, length: number) => Promise.resolve(bytes.subarray(at, at + length));
  expect(weightsFacts(await readGgufHeader(read, bytes.length), '')).toMatchObject({
    ...{ capabilities: ['embedding'], contextLength: 512, embeddingLength: 384 },
    ...{ unknown: 'it makes embeddings', fault: '' },
  });
});

test('a bare name means the same model', () => {
  expect(textOf('manifests/latest')).toBe(textOf('manifests/22m'));
});

test('it reads as many tokens as its makers cut a text to, which is what Ollama has it read', () => {
  const [params] = layersOf(manifest, 'params');
  expect(JSON.parse(new TextDecoder().decode(blob(params!.digest)))).toEqual({ num_ctx: 256 });
});
