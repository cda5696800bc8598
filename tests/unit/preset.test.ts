/** Presets: what the form accepts, what it sends, and what it begins with. */
import { describe, expect, it } from 'vitest';
import { PARAMETERS, parameterFault, parameterValue } from '#core/parameter-facts';
import {
  createBody,
  isFaultless,
  parameterLines,
  presetFaults,
  presetOf,
  presetOfChat,
  type Preset,
} from '#core/preset';
import { GgufHeader } from '#core/gguf';
import { resolveOptions } from '../../workers/host/server/options';

const EMPTY: Preset = {
  name: 'mine',
  from: 'smollm2:135m',
  system: '',
  template: '',
  parameters: [],
  messages: [],
};

describe('parameters', () => {
  it('each that is offered is one that the server takes', () => {
    for (const { name, kind, choices } of PARAMETERS) {
      const value = name === 'stop' ? ['x'] : kind === 'text' ? 'x' : (choices?.[0] ?? 1);
      expect(() => resolveOptions(undefined, { [name]: value })).not.toThrow();
      const wrong = name === 'stop' ? 1 : 'x';
      expect(() => resolveOptions(undefined, { [name]: wrong })).toThrow(name); // it is known
    }
  });

  it.each([
    ['temperature', '0.7', null],
    ['temperature', '3', 'between 0 and 2'],
    ['temperature', '-0.1', 'between 0 and 2'],
    ['temperature', 'warm', 'a number'],
    ['top_k', '1.5', 'whole number'],
    ['num_ctx', '3', '4 or more'],
    ['num_predict', '-1', null],
    ['num_predict', '-2', '-1 or more'],
    ['seed', '-5', null],
    ['top_p', ' ', 'a number'],
    ['top_p', 'Infinity', 'a number'],
    ['stop', '<|end|>', null],
    ['stop', '', 'no value'],
    ['unheard_of', 'anything', null],
  ])('%s %s', (name, text, fault) => {
    if (fault === null) expect(parameterFault(name, text)).toBeNull();
    else expect(parameterFault(name, text)).toContain(fault);
  });

  it('a value is what its text means', () => {
    expect(parameterValue('temperature', '0.5')).toBe(0.5);
    expect(parameterValue('stop', '5')).toBe('5');
    expect(parameterValue('unheard_of', 'true')).toBe(true);
    expect(parameterValue('unheard_of', 'word')).toBe('word');
  });
});

describe('faults', () => {
  const faults = (preset: Partial<Preset>, own: string | null = null) =>
    presetFaults({ ...EMPTY, ...preset }, ['taken:latest', 'smollm2:135m'], own);

  it('a name must be one, and free, but for the preset that has it', () => {
    expect(isFaultless(faults({}))).toBe(true);
    for (const name of ['', ' ', '^', 'a/b/c/d', '../up']) {
      expect(faults({ name }).name).toMatch(/Write a name/);
    }
    expect(faults({ name: 'Taken' }).name).toMatch(/already/);
    expect(faults({ name: 'taken' }, 'taken:latest').name).toBeUndefined();
    expect(faults({ name: 'taken' }, 'other').name).toMatch(/already/);
  });

  it('each parameter is checked in its place, and set once but for stop', () => {
    const found = faults({
      parameters: [
        { name: 'temperature', text: '0.5' },
        { name: 'top_k', text: 'x' },
        { name: 'temperature', text: '0.6' },
        { name: 'stop', text: 'a' },
        { name: 'stop', text: 'b' },
      ],
    }).parameters;
    expect([...found]).toEqual([
      [1, 'It must be a number.'],
      [2, 'It is set twice.'],
    ]);
  });
});

describe('what is sent', () => {
  it('is only what was filled in', () => {
    expect(createBody({ ...EMPTY, name: ' mine ' })).toEqual({
      model: 'mine',
      from: 'smollm2:135m',
    });
  });

  it('has lists as lists, numbers as numbers, and texts as they are', () => {
    const system = '<img src=x onerror=alert(1)>"""';
    expect(
      createBody({
        ...EMPTY,
        system,
        template: '{{ .Prompt }}',
        parameters: [
          { name: 'stop', text: 'a' },
          { name: 'stop', text: 'b' },
          { name: 'temperature', text: '0' },
        ],
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: '  ' },
        ],
      }),
    ).toEqual({
      model: 'mine',
      from: 'smollm2:135m',
      system,
      template: '{{ .Prompt }}',
      parameters: { stop: ['a', 'b'], temperature: 0 },
      messages: [{ role: 'user', content: 'Hi' }],
    });
  });
});

describe('what the form begins with', () => {
  const base = {
    template: 'T',
    parameters: 'stop                           "<|end|>"',
    system: 'Be.',
  };

  it('is what the preset adds to its base', () => {
    const shown = {
      template: 'T',
      system: 'Be kind.',
      parameters: `${base.parameters}\ntemperature                    0.5`,
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'tool', content: 'dropped' },
      ],
    };
    expect(presetOf('mine', 'base', shown, base)).toEqual({
      name: 'mine',
      from: 'base',
      system: 'Be kind.',
      template: '',
      parameters: [{ name: 'temperature', text: '0.5' }],
      messages: [{ role: 'user', content: 'Hi' }],
    });
  });

  it('is everything, where the base is not here', () => {
    const preset = presetOf('mine', 'mine', base, null);
    expect(preset).toMatchObject({ system: 'Be.', template: 'T' });
    expect(preset.parameters).toEqual([{ name: 'stop', text: '<|end|>' }]);
  });

  it('parameter lines are read as Ollama writes them', () => {
    expect(parameterLines('stop "a b"\nnum_ctx   4096\n\nbroken')).toEqual([
      { name: 'stop', text: 'a b' },
      { name: 'num_ctx', text: '4096' },
    ]);
    expect(parameterLines()).toEqual([]);
  });
});

it('tensors are summed by type, the largest first', () => {
  const tensor = (type: string, size: number) => {
    return { name: `${type} ${size}`, dims: [], type, count: 0, offset: 0, size };
  };
  const tensors = [tensor('F32', 256), tensor('Q4_K', 4 * 144), tensor('Q4_K', 2 * 144)];
  expect(new GgufHeader(3, new Map(), tensors, 0).tensorTypes()).toEqual([
    { type: 'Q4_K', count: 2, bytes: 6 * 144 },
    { type: 'F32', count: 1, bytes: 256 },
  ]);
});

it('what is set for a chat becomes a preset: its prompt, and each option with its values', () => {
  const setup = { system: 'Be brief.', options: { seed: 7, stop: ['a', 'b'], temperature: 0 } };
  const preset = { ...presetOfChat('smollm2:135m', setup), name: 'brief' };
  expect(isFaultless(presetFaults(preset, ['smollm2:135m'], null))).toBe(true);
  expect(createBody(preset)).toEqual({
    ...{ model: 'brief', from: 'smollm2:135m', system: 'Be brief.' },
    parameters: { seed: 7, stop: ['a', 'b'], temperature: 0 },
  });
  expect(presetFaults(preset, ['BRIEF:latest'], null).name).toContain('on this device already');
});
