/** The starter that ships with the site: what is published is what its manifest says. */
import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { blobFileName, digestOf, type Digest } from '#core/digest';
import { readGgufHeader } from '#core/gguf';
import { layersOf, parseManifest, parsePartsList } from '#core/manifest';

const ROOT = 'static/v2/library/smollm2';
const pathOf = (digest: Digest) => `${ROOT}/blobs/${blobFileName(digest)}`;
const manifest = parseManifest(readFileSync(`${ROOT}/manifests/135m`, 'utf8'));
const [weights] = layersOf(manifest, 'model');
const list = parsePartsList(
  readFileSync(`${pathOf(weights!.digest)}.parts.json`, 'utf8'),
  weights!,
);

/** Bytes; some static hosts refuse larger files. */
const HOST_LIMIT = 25 * 1024 * 1024;

test('its files have the sizes that the manifest says, and a static host takes them', () => {
  const blobs = [
    manifest.config,
    ...layersOf(manifest, 'license'),
    ...layersOf(manifest, 'params'),
  ];
  for (const { digest, size } of [...blobs, ...list.parts]) {
    expect(statSync(pathOf(digest)).size).toBe(size);
    expect(size).toBeLessThanOrEqual(HOST_LIMIT);
  }
});

test('its small layers have their digests and say what the page shows', async () => {
  const read = async (digest: Digest) => {
    const bytes = new Uint8Array(readFileSync(pathOf(digest)));
    expect(await digestOf(bytes)).toBe(digest);
    return new TextDecoder().decode(bytes);
  };
  expect(JSON.parse(await read(manifest.config.digest))).toEqual({
    model_format: 'gguf',
    model_family: 'llama',
    model_families: ['llama'],
    model_type: '134.52M',
    file_type: 'Q4_1',
  });
  expect(JSON.parse(await read(layersOf(manifest, 'params')[0]!.digest))).toEqual({
    stop: ['<|im_start|>', '<|im_end|>'],
    temperature: 0.2,
    top_p: 0.9,
    repeat_penalty: 1.1,
  });
  expect(await read(layersOf(manifest, 'license')[0]!.digest)).toContain('Apache License');
});

test('its header is read from the parts', async () => {
  const file = await open(pathOf(list.parts[0]!.digest));
  const read = async (offset: number, length: number) => {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  };
  const header = await readGgufHeader(read, weights!.size);
  await file.close();
  expect(header.architecture).toBe('llama');
  expect(header.quantization).toBe('Q4_1');
  expect(header.parameterCount).toBe(134_515_008);
  expect(header.metadata.get('llama.context_length')).toBe(8192);
  expect(header.metadata.get('tokenizer.ggml.tokens')).toEqual({ length: 49_152 });
  expect(header.text('tokenizer.chat_template')).toContain('<|im_start|>');
});
