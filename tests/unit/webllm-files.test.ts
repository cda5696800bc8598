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
