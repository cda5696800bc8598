/** What MLC models need of a device, by web-llm's own rule, for all that its list names. */
import { describe, expect, test } from 'vitest';
import { chosenLibrary, libraryUrl, MLC, mlcModel } from '#core/catalogue/mlc';
import { needsOfQuantization } from '#core/mlc/adapter';
import { isWasm, parseLibrary, versionIn } from '#core/mlc/library';
import {
  lackOf,
  needsOfConfig,
  needsOfListed,
  noGpu,
  quantizationIn,
  twinOf,
} from '#core/mlc/needs';
import { describeMlc, parametersOf } from '#core/mlc/describe';
import { parseChatConfig } from '#core/mlc/chat-config';
import { explain } from '#core/sentences';
import { ADAPTER } from '../fixtures/test-registry';
import { tinyMlc } from '../fixtures/tiny-mlc';

const MIB = 1024 * 1024;

describe('the rule', () => {
  test.each([
    ['max_buffer', 'maxBufferSize', 256 * MIB],
    ['max_binding', 'maxStorageBufferBindingSize', 128 * MIB],
    ['workgroup_storage', 'maxComputeWorkgroupStorageSize', 32_768],
    ['storage_buffers', 'maxStorageBuffersPerShaderStage', 10],
  ] as const)('%s', (limit, missing, needed) => {
    const needs = { f16: false };
    expect(lackOf(needs, { ...ADAPTER, [limit]: needed })).toBeNull();
    const given = needed - 1;
    expect(lackOf(needs, { ...ADAPTER, [limit]: given })).toEqual({ missing, needed, given });
  });

  test('a binding of more than 128 MiB needs 1 GiB: web-llm asks for nothing between', () => {
    const needs = { f16: false, buffer: 192 * MIB };
    expect(lackOf(needs, { ...ADAPTER, max_binding: 1024 * MIB })).toBeNull();
    expect(lackOf(needs, { ...ADAPTER, max_binding: 512 * MIB })).toMatchObject({
      missing: 'maxStorageBufferBindingSize',
      needed: 1024 * MIB,
    });
  });

  test('what is missing becomes a sentence with its figures', () => {
    const small = noGpu({ f16: false }, { ...ADAPTER, storage_buffers: 8 })!;
    const { code, message, detail } = small;
    expect(explain({ code, message, detail }).sentence).toMatch(/needs 10.*gives 8/);
    expect(noGpu({ f16: true }, ADAPTER)).toBeNull();
    const { detail: none } = noGpu({ f16: true, twin: 'x' }, null)!;
    expect(none).toEqual({ missing: 'adapter' }); // another model would not help
  });
});

describe('the list', () => {
  test('a model of 16 bits has the twin of 32, where there is one, and nothing else has', () => {
    const twins = MLC.models.map((model) => [model, twinOf(model)] as const);
    for (const [model, twin] of twins) {
      if (!twin) continue;
      const other = mlcModel(twin.replace('hf.co/', ''))!;
      expect(model.f16).toBe(true);
      expect(other.f16).toBe(false);
      expect(other.repository).toBe(model.repository.replace('f16', 'f32'));
    }
    expect(twins.filter(([, twin]) => twin).length).toBeGreaterThan(50);
  });

  test('each model’s need of shader-f16 is what its quantization says', () => {
    for (const model of MLC.models) {
      expect(needsOfQuantization(model.quantization).f16, model.repository).toBe(model.f16);
      expect(quantizationIn(model.repository), model.repository).toBe(model.quantization);
    }
  });

  test('the library is that of the largest context, and tells its model again', () => {
    for (const model of MLC.models) {
      const url = chosenLibrary(model);
      const reach = (some: typeof model.variants) =>
        Math.max(...some.map(({ context }) => context ?? Infinity));
      const served = model.variants.filter((one) => libraryUrl(one) === url);
      expect(reach(served), model.repository).toBe(reach(model.variants));
      expect(versionIn(url)).toBe(MLC.version);
      const needs = needsOfConfig({ library: { url }, file_type: '' });
      const { f16, buffer } = needsOfListed(model, url);
      expect(needs, model.repository).toEqual({ f16, ...(buffer && { buffer }) });
    }
  });
});

test.each(['q4f16_1', 'q0f16', 'q3f16_1', 'q4f16_ft'])('%s calculates in 16 bits', (name) => {
  expect(needsOfQuantization(name).f16).toBe(true);
});
test.each(['q4f32_1', 'q0f32', '', 'f16', 'q4bf16_1', 'e4m3'])('%j does not', (name) => {
  expect(needsOfQuantization(name).f16).toBe(false);
});

test('a library is named by an address or a digest', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  expect(parseLibrary(digest.replace(':', '-'))).toBe(digest);
  expect(parseLibrary('https://x.test/a.wasm#b')).toBe('https://x.test/a.wasm');
  expect(parseLibrary('http://localhost:9/a.wasm')).toBe('http://localhost:9/a.wasm');
  for (const bad of [
    '',
    'x.wasm',
    'http://x.test/a',
    'file:///a',
    'data:,x',
    'https://x.test/\\a',
  ]) {
    expect(parseLibrary(bad), bad).toBeNull();
  }
  expect(isWasm(new Uint8Array())).toBe(false);
});

test('what a model says of itself becomes facts', () => {
  const config = parseChatConfig(
    JSON.stringify({
      ...{ model_type: 'phi3_v', quantization: 'q4f16_1', tokenizer_files: ['tokenizer.json'] },
      ...{ context_window_size: -1, sliding_window_size: 4096 },
      model_config: { hidden_size: 3072, vision_config: {}, rope: 'x' },
    }),
  );
  const list = { shards: [{ name: 'a', size: 900_000 }], parameters: 0 };
  expect(describeMlc(config, list)).toEqual({
    ...{ model_format: 'mlc', model_family: 'phi3_v', model_families: ['phi3_v'] },
    ...{ model_type: '1.60M', file_type: 'q4f16_1', capabilities: ['completion', 'vision'] },
    ...{ context_length: 4096, embedding_length: 3072 },
  });
  expect(parametersOf(config, { ...list, parameters: 7 })).toBe(7);
  const listed = { type: 'chat', tools: true } as const;
  expect(describeMlc(config, list, listed).capabilities).toEqual(['completion', 'tools']);
  const encoder = { ...config, modelType: 'bert' };
  expect(describeMlc(encoder, list).capabilities).toContain('embedding');
  // web-llm fails at an image for any other type.
  const gemma = { ...config, modelType: 'gemma3_v' };
  expect(describeMlc(gemma, list).capabilities).toEqual(['completion']);
});

test.each([
  [{ name: 'hermes2_pro_llama3' }, true],
  [{ name: 'hermes3_llama-3_1' }, true],
  [{ name: 'Hermes-2-Pro-Mistral' }, true],
  [{ name: 'custom', system_message: 'Call with <tool_call> tags.' }, true],
  [{ name: 'open_hermes_mistral', system_template: '<|im_start|>{system_message}' }, false],
  [{ name: 'llama-3' }, false],
  [{ name: 3, system_message: null }, false],
])('tools of a model that is not listed are known by its conversation: %j', (conversation, has) => {
  const text = new TextDecoder().decode(tinyMlc()['mlc-chat-config.json']);
  const config = { ...parseChatConfig(text), conversation };
  const { capabilities } = describeMlc(config, { shards: [], parameters: 1 });
  expect(capabilities?.includes('tools')).toBe(has);
});

test('the tiny model’s config is read', () => {
  const text = new TextDecoder().decode(tinyMlc()['mlc-chat-config.json']);
  expect(parseChatConfig(text)).toMatchObject({ modelType: 'llama', contextLength: 512 });
});
