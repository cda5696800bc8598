/**
 * Publishes a model in the site's static registry: `npx tsx scripts/pack-model.ts <folder> [<site>]`.
 * The folder has `index.json` (name, size, digests) and the parts of one GGUF file, as in `models/`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { blobFileName, parseDigest, type Digest } from '#core/digest';
import { parameterSize, readGgufHeader } from '#core/gguf';
import { MANIFEST_TYPE, type Layer, type ModelConfig } from '#core/manifest';
import { parseName } from '#core/names';

interface Index {
  name: string;
  license: string;
  size: number;
  digest: string;
  parts: { file: string; size: number; digest: string }[];
}

/** Licence texts by their SPDX names. */
const LICENSES: Record<string, string> = { 'Apache-2.0': '/usr/share/common-licenses/Apache-2.0' };

/**
 * ChatML's turns end a reply. Temperature and top-p are those of SmolLM2's model card; without the penalty
 * a model of this size falls into repeating one word.
 */
const PARAMS: Record<string, Record<string, unknown>> = {
  smollm2: {
    stop: ['<|im_start|>', '<|im_end|>'],
    temperature: 0.2,
    top_p: 0.9,
    repeat_penalty: 1.1,
  },
};

const IMAGE = 'application/vnd.ollama.image.';
const CONFIG = 'application/vnd.docker.container.image.v1+json';

const [folder, site = 'static'] = process.argv.slice(2);
if (!folder) throw new Error('Usage: npx tsx scripts/pack-model.ts <folder> [<site>]');
await pack(folder, site);

async function pack(from: string, to: string): Promise<void> {
  const index = JSON.parse(readFileSync(join(from, 'index.json'), 'utf8')) as Index;
  const name = parseName(index.name);
  if (!name) throw new Error(`${index.name} is not a model's name.`);
  const path = `v2/${name.namespace}/${name.model}`.toLowerCase();
  const blobs = join(to, path, 'blobs');
  const manifests = join(to, path, 'manifests');
  mkdirSync(blobs, { recursive: true });
  mkdirSync(manifests, { recursive: true });

  const weights = writeWeights(from, index, blobs);
  const config = await readConfig(from, index);
  const license = readFileSync(LICENSES[index.license] ?? fail(`no text of ${index.license}`));
  const params = PARAMS[name.model];
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: writeSmall(blobs, CONFIG, json(config)),
    layers: [
      { mediaType: `${IMAGE}model`, ...weights },
      writeSmall(blobs, `${IMAGE}license`, license),
      ...(params ? [writeSmall(blobs, `${IMAGE}params`, json(params))] : []),
    ],
  };
  writeFileSync(join(manifests, name.tag.toLowerCase()), json(manifest));
  console.log(
    `${index.name}: ${config.model_type} ${config.file_type}, ${weights.size} bytes, in ${path}`,
  );
}

/** Copies the parts that are not there yet, after comparing every digest. */
function writeWeights(from: string, index: Index, blobs: string): { digest: Digest; size: number } {
  const whole = createHash('sha256');
  const parts: { size: number; digest: Digest }[] = [];
  for (const { file, size, digest: expected } of index.parts) {
    const bytes = readFileSync(join(from, file));
    const digest = digestOf(bytes);
    if (digest !== expected || bytes.length !== size) fail(`${file} is not what index.json says`);
    whole.update(bytes);
    writeOnce(join(blobs, blobFileName(digest)), bytes);
    parts.push({ size, digest });
  }
  const digest = parseDigest(`sha256:${whole.digest('hex')}`)!;
  if (digest !== index.digest) fail('the parts do not make the model');
  const list = { size: index.size, digest, parts };
  writeFileSync(join(blobs, `${blobFileName(digest)}.parts.json`), json(list));
  return { digest, size: index.size };
}

async function readConfig(from: string, index: Index): Promise<ModelConfig> {
  const starts: number[] = [];
  index.parts.reduce((at, { size }) => (starts.push(at), at + size), 0);
  /** Reads across the parts' ends. */
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length);
    for (const [at, part] of index.parts.entries()) {
      const begin = Math.max(offset, starts[at]!);
      const end = Math.min(offset + length, starts[at]! + part.size);
      if (begin >= end) continue;
      const file = await open(join(from, part.file));
      await file.read(bytes, begin - offset, end - begin, begin - starts[at]!);
      await file.close();
    }
    return bytes;
  };
  const header = await readGgufHeader(read, index.size);
  return {
    model_format: 'gguf',
    model_family: header.architecture,
    model_families: [header.architecture],
    model_type: parameterSize(header.parameterCount),
    file_type: header.quantization,
  };
}

function writeSmall(blobs: string, mediaType: string, bytes: Uint8Array): Layer {
  const digest = digestOf(bytes);
  writeOnce(join(blobs, blobFileName(digest)), bytes);
  return { mediaType, digest, size: bytes.length };
}

/** A blob's name is its content: what is there is right, and stays byte by byte. */
function writeOnce(path: string, bytes: Uint8Array): void {
  if (!existsSync(path)) writeFileSync(path, bytes);
}

function digestOf(bytes: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)!;
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function fail(why: string): never {
  throw new Error(`This model cannot be published: ${why}.`);
}
