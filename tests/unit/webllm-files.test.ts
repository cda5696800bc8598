/** An MLC model's files as the engine takes them. */
import { describe, expect, it } from 'vitest';
import { parseDigest } from '#core/digest';
import type { RunnerModel } from '#core/engine';
import { readModelFiles } from '../../workers/runner/engines/webllm/files';
import { changed, smallLibrary, tinyMlc } from '../fixtures/tiny-mlc';

const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;

function read(changes: Record<string, Uint8Array<ArrayBuffer>>, told: Partial<RunnerModel> = {}) {
  const files = { ...tinyMlc(), 'library.wasm': smallLibrary(), ...changes };
  const model: RunnerModel = {
    ...{ format: 'mlc', files: Object.keys(files).map((name) => ({ digest, name })), size: 0 },
    ...told,
  };
  return readModelFiles(
    model,
    Object.values(files).map((bytes) => new Blob([bytes])),
  );
}

const tiny = tinyMlc();

describe('a tokenizer that cuts and fills', () => {
  it('does neither here: a text that is too long has to be seen as such', async () => {
    const rules = { truncation: { max_length: 5 }, padding: { strategy: { Fixed: 8 } } };
    const { blobs, tokenizer } = await read({
      'tokenizer.json': changed(tiny['tokenizer.json'], rules),
    });
    const given = JSON.parse(await blobs.get('tokenizer.json')!.text()) as object;
    const own = JSON.parse(new TextDecoder().decode(tiny['tokenizer.json'])) as object;
    expect(given).toEqual({ ...own, truncation: null, padding: null });
    expect(tokenizer?.model).toBeTruthy();
  });

  it('that does not is given as it is', async () => {
    const { blobs } = await read({});
    const given = new Uint8Array(await blobs.get('tokenizer.json')!.arrayBuffer());
    expect(given).toEqual(tiny['tokenizer.json']);
  });
});

describe('tools', () => {
  it('are known by the conversation', async () => {
    const config = changed(tiny['mlc-chat-config.json'], {
      conv_template: { name: 'hermes2_pro_llama3', roles: { user: 'U' }, seps: ['|'] },
    });
    expect((await read({ 'mlc-chat-config.json': config })).tools).toBe(true);
    expect((await read({})).tools).toBe(false);
  });

  it('or because web-llm lists the model, as its pull has noted', async () => {
    expect((await read({}, { tools: true })).tools).toBe(true);
  });
});

it('what is on the GPU is counted as it lies there', async () => {
  const { tensors } = await read({});
  expect(tensors).toMatchObject({ gpuBytes: 198_912, largest: 131_072 });
});

it.each([
  [{ roles: 'none' }, /roles/],
  [{ roles: {}, seps: [] }, /seps/],
])('a conversation that cannot be written is refused: %j', async (template, words) => {
  const config = changed(tiny['mlc-chat-config.json'], { conv_template: template });
  await expect(read({ 'mlc-chat-config.json': config })).rejects.toMatchObject({
    code: 'model_unreadable',
    message: expect.stringMatching(words) as string,
  });
});
