/** A loaded model that writes; its pipeline is a stand-in, and so is the browser's canvas. */
import { afterEach, expect, it, vi } from 'vitest';
import type { ChatMessage, EngineInfo } from '#core/engine';
import type { Decoder } from '../../workers/runner/engines/webllm/decoder';
import type { TextPipeline } from '../../workers/runner/engines/webllm/pipeline';
import { TextModel } from '../../workers/runner/engines/webllm/text-model';
import { TokenBytes } from '../../workers/runner/engines/webllm/token-bytes';

afterEach(() => vi.unstubAllGlobals());

const IMAGE = Uint8Array.of(1);
const BAD = Uint8Array.of(0);

function open(capabilities: EngineInfo['capabilities']) {
  vi.stubGlobal('createImageBitmap', async (blob: Blob) => {
    const [first] = new Uint8Array(await blob.arrayBuffer());
    if (first === 0) throw new Error('no image');
    return { width: 2, height: 2, close() {} };
  });
  const context = { fillRect() {}, drawImage() {}, getImageData: () => ({ width: 2, height: 2 }) };
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => context;
    },
  );
  const tokenizer = {
    encode: (text: string) => Int32Array.from(text, (letter) => letter.charCodeAt(0)),
    idToToken: String.fromCharCode,
  };
  const seen: string[] = [];
  const pipeline = {
    tokenizer,
    imageDataCache: new Map(),
    image_embed: {},
    computeImageEmbedSize: () => {
      seen.push(...pipeline.imageDataCache.keys());
      return 100;
    },
  } as unknown as TextPipeline;
  const model = new TextModel({
    ...{ pipeline, decoder: {} as Decoder, bytes: new TokenBytes(tokenizer, undefined) },
    ...{ contextLength: 50, info: { capabilities } as EngineInfo },
    template: {
      ...{ system_template: '', system_message: '', roles: { user: 'U', assistant: 'A' } },
      ...{ seps: ['|'], stop_str: [], stop_token_ids: [] },
    },
    step: (work) => work,
    close: async () => {},
    enter: async () => () => {},
  });
  const ask = async (images: Uint8Array<ArrayBuffer>[]) => {
    const messages: ChatMessage[] = [{ role: 'user', content: 'What?', images }];
    const { signal } = new AbortController();
    for await (const chunk of model.chat({ messages, options: {} }, signal)) void chunk;
  };
  return { ask, seen, cached: pipeline.imageDataCache };
}

it('keeps no image that a refused prompt had', async () => {
  const { ask, seen, cached } = open(['completion', 'vision']);
  await expect(ask([IMAGE, IMAGE])).rejects.toMatchObject({ code: 'context_exceeded' });
  expect(seen).toContain('image-1');
  expect(cached.size).toBe(0);
  await expect(ask([IMAGE, BAD])).rejects.toMatchObject({ code: 'bad_request' });
  expect(cached.size).toBe(0);
});

it('refuses images that web-llm would fail at', async () => {
  const { ask, cached } = open(['completion']);
  await expect(ask([IMAGE])).rejects.toMatchObject({ code: 'not_supported' });
  expect(cached.size).toBe(0);
});
