/** What a model's file says of chats, by its own vocabulary. */
import { describe, expect, it } from 'vitest';
import { readGgufHeader } from '#core/gguf';
import { renderPrompt } from '../../workers/runner/chat/render';
import { chatFileBy } from '../../workers/runner/engines/by-tokenizer';
import type { Tokenizer } from '../../workers/runner/engines/paddock/tokenizer/tokenizer';
import { ARCHITECTURE, gguf, pair, STRING, U32 } from '../fixtures/gguf-builder';

/** Each known name is a token, and so is each other letter. */
function tokenizerOf(names: string[]): Tokenizer {
  const pattern = new RegExp(
    [...names.map((name) => name.replaceAll('|', '\\|')), '.'].join('|'),
    'gs',
  );
  return {
    vocabulary: 1000,
    ends: new Set(),
    bos: 0,
    eos: 1,
    encode: (text, { addSpecial }) => [
      ...(addSpecial ? [0] : []),
      ...(text.match(pattern) ?? []).map((part) =>
        names.includes(part) ? names.indexOf(part) : part.charCodeAt(0),
      ),
    ],
    bytes: () => new Uint8Array(),
    name: (token) => names[token] ?? '',
  };
}

const NAMES = ['<s>', '</s>', '<|im_start|>', '<|im_end|>', '<PRE>', '<SUF>', '<MID>'];

async function fileOf(pairs: Uint8Array[], names = NAMES) {
  const bytes = gguf({ pairs: [ARCHITECTURE, ...pairs] });
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return chatFileBy(tokenizerOf(names), await readGgufHeader(read, bytes.length));
}

const template = (text: string) => pair('tokenizer.chat_template', STRING, { text });
const token = (name: string, u32: number) => pair(`tokenizer.ggml.${name}_token_id`, U32, { u32 });

it('has the names of what begins and ends a text', async () => {
  expect(await fileOf([template('{{ bos_token }}')])).toEqual({
    ...{ template: '{{ bos_token }}', bos: '<s>', eos: '</s>', bosToken: 0, addsBos: true },
    vocabulary: 1000,
  });
});

describe('without a template', () => {
  it('a model with its tokens is given ChatML', async () => {
    for (const pairs of [[], [template('  ')]]) {
      const file = await fileOf(pairs);
      const messages = [{ role: 'user', content: 'Hi' } as const];
      expect(renderPrompt({ ...file, messages, now: new Date() })).toBe(
        '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
      );
    }
  });

  it('another model is not for chats', async () => {
    expect((await fileOf([], ['<s>', '</s>'])).template).toBe('');
  });
});

describe('the tokens around a gap', () => {
  const fim = { prefix: '<PRE>', suffix: '<SUF>', middle: '<MID>' };

  it.each([
    ['GGUF’s keys', ['fim_pre', 'fim_suf', 'fim_mid'], fim],
    ['the keys before them', ['prefix', 'suffix', 'middle'], fim],
    ['not all', ['fim_pre', 'fim_suf'], undefined],
    ['none', [], undefined],
  ])('are there by %s', async (_what, keys, expected) => {
    const pairs = keys.map((key, at) => token(key, 4 + at));
    expect((await fileOf(pairs)).fim).toEqual(expected);
  });

  it.each([5000, 0xffffffff])('are none of a vocabulary that lacks one: %i', async (id) => {
    const pairs = [token('fim_pre', 4), token('fim_suf', 5), token('fim_mid', id)];
    expect((await fileOf(pairs)).fim).toBeUndefined();
  });
});
