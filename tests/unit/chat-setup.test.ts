import { describe, expect, it } from 'vitest';
import { setCount, setupFields, withSystem } from '../../src/lib/core/chat-setup';
import {
  modelDefaults,
  optionFault,
  optionText,
  withOption,
} from '../../src/lib/core/option-fields';
import { leftOutBy } from '../../src/lib/core/engine-options';
import { PARAMETER_NAMES } from '../../src/lib/core/parameters';
import { PARAMETERS } from '../../src/lib/core/parameter-facts';
import { parseSetup } from '../../src/lib/storage/setup-guard';

describe('what is set for a chat', () => {
  it('is nothing in a request where nothing is set', () => {
    expect(setupFields({})).toEqual({});
    expect(setupFields({ options: {} })).toEqual({});
    expect(setCount({})).toBe(0);
  });

  it('is told by the names of the API', () => {
    const setup = { options: { seed: 7 }, think: false, format: ' ', logprobs: 3 } as const;
    expect(setupFields(setup)).toEqual({
      ...{ options: { seed: 7 }, think: false, format: 'json' },
      ...{ logprobs: true, top_logprobs: 3 },
    });
    expect(setCount({ ...setup, options: { seed: 7, top_k: 1 } })).toBe(5);
  });

  it('holds replies to a schema, and refuses what is none in words', () => {
    expect(setupFields({ format: '{"type": "object"}' }).format).toEqual({ type: 'object' });
    expect(() => setupFields({ format: '[1]' })).toThrow('A JSON Schema is an object');
    expect(() => setupFields({ format: '{"type"' })).toThrow('The JSON Schema of this chat is no');
  });

  it('puts its system prompt before the messages', () => {
    const hello = { role: 'user', content: 'Hello' };
    expect(withSystem([hello], { system: 'Be brief.' })).toEqual([
      { role: 'system', content: 'Be brief.' },
      hello,
    ]);
    expect(withSystem([hello], {})).toEqual([hello]);
  });
});

describe('a field of an option', () => {
  it('is read back as it was written, for each option', () => {
    for (const { name, kind, choices, least = 0 } of PARAMETERS) {
      const text = choices?.at(-1) ?? (kind === 'text' ? 'one\ntwo' : String(least));
      const options = withOption({}, name, text);
      expect(optionText(options[name]), name).toBe(text);
    }
  });

  it('leaves out what is empty or faulty, and says what is wrong', () => {
    expect(withOption({ seed: 1, top_k: 4 }, 'seed', ' ')).toEqual({ top_k: 4 });
    expect(withOption({ top_p: 0.5 }, 'top_p', '7')).toEqual({});
    expect(optionFault('top_p', '7')).toBe('It must be between 0 and 1.');
    expect(optionFault('top_p', '')).toBeNull();
    expect(optionFault('kv_cache_type', 'q4_0')).toBe('It must be f16 or q8_0.');
  });

  it('is there for every option of the contract that some engine honours', () => {
    const engines = ['paddock', 'wllama', 'webllm'];
    const honoured = PARAMETER_NAMES.filter((name) =>
      engines.some((engine) => !leftOutBy(engine).includes(name)),
    );
    expect(PARAMETERS.map(({ name }) => name).sort()).toEqual(honoured.sort());
  });

  it('shows what the model brings, lists too', () => {
    const defaults = modelDefaults('stop                           "<a>"\nstop "<b>"\ntop_k 40\n');
    expect([...defaults]).toEqual([
      ['stop', '<a>, <b>'],
      ['top_k', '40'],
    ]);
  });
});

it('keeps of a damaged setup what can be used', () => {
  const setup = parseSetup({
    ...{ system: 7, think: 'high', logprobs: -1, tools: ['date'], format: '{}' },
    options: {
      ...{ seed: 1, top_k: null, stop: ['a'], top_p: 'x', shift: false, min_p: NaN },
      kv_cache_type: 'q8_0',
    },
  });
  expect(setup).toEqual({
    ...{ think: 'high', tools: ['date'], format: '{}' },
    options: { seed: 1, stop: ['a'], shift: false, kv_cache_type: 'q8_0' },
  });
});

it.each([
  [
    { with: 'a:1b', blind: true },
    { with: 'a:1b', blind: true },
  ],
  [{ with: '', blind: 'yes' }, { with: '' }],
  [{ with: 7 }, undefined],
  ['a:1b', undefined],
])('of a comparison %j it keeps %j', (compare, kept) => {
  expect(parseSetup({ compare }).compare).toEqual(kept);
});
