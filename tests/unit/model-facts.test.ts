/** What lists of models say: from the header, once; which engine runs each; when it was last used. */
import { describe, expect, test } from 'vitest';
import { chooseEngine } from '#core/engine-choice';
import { readGgufHeader } from '#core/gguf';
import { PADDOCK_SPLITTINGS } from '#core/paddock-limits';
import type { NoWebGpu } from '#core/webgpu-probe';
import { NO_FACTS, readFacts, weightsFacts, type WeightsFacts } from '#core/weights-facts';
import { splittingOf } from '../../workers/runner/engines/paddock/tokenizer/split-patterns';
import {
  ARCHITECTURE,
  gguf,
  pair,
  STRING,
  tensor,
  U32,
  type GgufParts,
} from '../fixtures/gguf-builder';

async function factsOf(parts: GgufParts, template = ''): Promise<WeightsFacts> {
  const file = gguf(parts);
  const read = async (offset: number, length: number) => file.subarray(offset, offset + length);
  return weightsFacts(await readGgufHeader(read, file.length), template);
}

const TOKENIZER = pair('tokenizer.ggml.model', STRING, { text: 'gpt2' });
const number = (key: string, u32: number) => pair(key, U32, { u32 });
const architecture = (text: string) => pair('general.architecture', STRING, { text });

describe('facts of the weights', () => {
  test('are its lengths, what its template speaks of, and nothing unknown', async () => {
    const chat = '{%- if tools %}…{% endif %}{% if x %}<think>{% endif %}';
    const facts = await factsOf({
      pairs: [
        ARCHITECTURE,
        TOKENIZER,
        number('llama.context_length', 8192),
        number('llama.embedding_length', 576),
        pair('tokenizer.chat_template', STRING, { text: chat }),
      ],
    });
    expect(facts).toEqual({
      ...NO_FACTS,
      contextLength: 8192,
      embeddingLength: 576,
      capabilities: ['completion', 'tools', 'thinking'],
    });
    expect(readFacts(structuredClone(facts))).toEqual(facts);
  });

  test.each<[string, Uint8Array[], string, string[]]>([
    [
      'a model for vectors',
      [architecture('bert'), number('bert.pooling_type', 1)],
      '',
      ['embedding'],
    ],
    [
      'one that sees',
      [ARCHITECTURE, number('llama.vision.block_count', 2)],
      '',
      ['completion', 'vision'],
    ],
    [
      'a template of Go',
      [ARCHITECTURE],
      '{{ if .Tools }}{{ .Suffix }}{{ end }}',
      ['completion', 'tools', 'insert'],
    ],
    [
      'one that fills gaps',
      ['fim_pre', 'fim_suf', 'fim_mid'].reduce(
        (pairs, key, id) => [...pairs, number(`tokenizer.ggml.${key}_token_id`, id)],
        [ARCHITECTURE],
      ),
      '',
      ['completion', 'insert'],
    ],
    [
      'a template of Go whose model thinks',
      [ARCHITECTURE],
      '{{ range .Messages }}{{ .Thinking }}{{ end }}',
      ['completion', 'thinking'],
    ],
    [
      'a template that takes thoughts out',
      [ARCHITECTURE],
      "{% for m in messages %}{{ m.content.split('</think>')[-1] }}{% endfor %}",
      ['completion', 'thinking'],
    ],
    ['a template of plain words', [ARCHITECTURE], 'our tools and .Suffix', ['completion']],
  ])('%s', async (_what, pairs, template, capabilities) => {
    expect((await factsOf({ pairs }, template)).capabilities).toEqual(capabilities);
  });

  test.each<[string, GgufParts, RegExp]>([
    ['an architecture', { pairs: [architecture('gemma3'), TOKENIZER] }, /architecture is "gemma3"/],
    [
      'vectors in the place of text',
      { pairs: [ARCHITECTURE, TOKENIZER, number('llama.pooling_type', 3)] },
      /^it makes embeddings$/,
    ],
    [
      'experts',
      { pairs: [ARCHITECTURE, TOKENIZER, number('llama.expert_count', 8)] },
      /expert_count" is 8/,
    ],
    [
      'a tensor type',
      { pairs: [ARCHITECTURE, TOKENIZER], tensors: [tensor('w', [256n], 10, 0n)] },
      /type Q2_K/,
    ],
    ['a tokenizer', { pairs: [ARCHITECTURE] }, /tokenizer is ""/],
    [
      'a way to cut words',
      { pairs: [ARCHITECTURE, TOKENIZER, pair('tokenizer.ggml.pre', STRING, { text: 'bloom' })] },
      /cuts words in the way "bloom"/,
    ],
  ])('name %s that Paddock’s own engine does not know', async (_what, parts, words) => {
    expect((await factsOf(parts)).unknown).toMatch(words);
  });

  test('tell tokens that nobody here knows from an engine that does not know the model', async () => {
    const gemma = architecture('gemma3');
    expect((await factsOf({ pairs: [gemma, TOKENIZER] })).unknownTokens).toBe('');
    const rwkv = pair('tokenizer.ggml.model', STRING, { text: 'rwkv' });
    expect((await factsOf({ pairs: [gemma, rwkv] })).unknownTokens).toBe('its tokenizer is "rwkv"');
  });

  test.each([null, [], {}, { ...NO_FACTS, version: 0 }, { ...NO_FACTS, capabilities: [1] }])(
    'are found anew where %j was kept',
    (kept) => {
      expect(readFacts(kept)).toBeNull();
    },
  );
});

test('each way to cut words that is said to be known is', () => {
  for (const name of PADDOCK_SPLITTINGS) expect(() => splittingOf(name), name).not.toThrow();
});

const GPU: NoWebGpu = { paddock: null, wllama: null };
const NO_F16: NoWebGpu = { paddock: null, wllama: 'no_shader_f16' };
const NONE: NoWebGpu = { paddock: 'no_adapter', wllama: 'no_adapter' };

describe('the engine that runs a model', () => {
  const model = { format: 'gguf', facts: NO_FACTS, projector: false, adapter: false };
  const facts = (change: Partial<WeightsFacts>) => ({
    ...model,
    facts: { ...NO_FACTS, ...change },
  });

  test('is ours for what it knows, on an adapter wherever there is one', () => {
    expect(chooseEngine(model, GPU)).toEqual({ engine: 'paddock', backend: 'webgpu' });
    expect(chooseEngine(model, NO_F16)).toEqual({ engine: 'paddock', backend: 'webgpu' });
    expect(chooseEngine(model, NONE)).toEqual({ engine: 'paddock', backend: 'wasm' });
  });

  test('follows the num_gpu of its parameters', () => {
    const SOFTWARE: NoWebGpu = { paddock: 'software_adapter', wllama: 'no_shader_f16' };
    const on = (device: NoWebGpu, layers?: number, change: Partial<WeightsFacts> = {}) => {
      const choice = chooseEngine({ ...facts(change), layers }, device);
      return choice.engine === null ? null : choice.backend;
    };
    expect([undefined, -1, 0, 99].map((layers) => on(SOFTWARE, layers))).toEqual([
      ...['wasm', 'wasm', 'wasm', 'webgpu'],
    ]);
    expect([on(GPU, -1), on(GPU, 0), on(GPU, 99)]).toEqual(['webgpu', 'wasm', 'webgpu']);
    expect(on(NONE, 99)).toBe('wasm');
    expect(on(SOFTWARE, 99, { unknown: 'its x is y' })).toBe('wasm');
  });

  test('is llama.cpp for the rest, with the reason, on an adapter with 16-bit floats', () => {
    const reason = "Paddock's own engine cannot run this model: its x is y.";
    const unknown = facts({ unknown: 'its x is y' });
    const on = (backend: string) => ({ engine: 'wllama', backend, reason });
    expect(chooseEngine(unknown, GPU)).toEqual(on('webgpu'));
    expect(chooseEngine(unknown, NO_F16)).toEqual(on('wasm'));
    expect(chooseEngine(unknown, NONE)).toEqual(on('wasm'));
  });

  test.each([
    ['another format', { ...model, format: 'onnx' }, /format "onnx"/],
    ['a file that cannot be read', facts({ fault: 'It is damaged.' }), /^It is damaged\.$/],
  ])('is none for %s, and says why', (_what, unrunnable, words) => {
    for (const device of [GPU, NONE]) {
      const choice = chooseEngine(unrunnable, device);
      expect(choice).toMatchObject({
        engine: null,
        reason: expect.stringMatching(words) as string,
      });
    }
  });

  test('is llama.cpp for a model for vectors, and says why not ours', () => {
    const vectors = facts({ capabilities: ['embedding'], unknown: 'it makes embeddings' });
    const reason = "Paddock's own engine cannot run this model: it makes embeddings.";
    expect(chooseEngine(vectors, GPU)).toEqual({ engine: 'wllama', backend: 'webgpu', reason });
    expect(chooseEngine(vectors, NONE)).toEqual({ engine: 'wllama', backend: 'wasm', reason });
  });

  test('is llama.cpp for a model with a projector; what is left out of an adapter is said', () => {
    const { engine, reason } = chooseEngine({ ...model, projector: true, adapter: true }, GPU);
    expect(engine).toBe('wllama');
    expect(reason).toMatch(/images.*adapter/);
  });
});

test('8 MB of open braces are looked through at once', async () => {
  const bomb = pair('tokenizer.chat_template', STRING, { text: '{{ '.repeat(2_700_000) });
  expect((await factsOf({ pairs: [ARCHITECTURE, bomb] })).capabilities).toEqual(['completion']);
}, 20_000);
