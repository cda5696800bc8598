/** Probabilities of a reply to somebody who wants no thoughts: the answer's alone, however the reply is cut. */
import { describe, expect, it } from 'vitest';
import type { EngineChunk, TokenLogprob } from '#core/engine';
import { answerLogprobs } from '../../workers/runner/chat/answer-logprobs';
import { dropThoughts } from '../../workers/runner/chat/drop-thoughts';
import { withThinking } from '../../workers/runner/chat/thinking';

const TAGS = { open: '<think>', close: '</think>' };

function logprobOf(token: string | Uint8Array): TokenLogprob {
  const bytes = typeof token === 'string' ? new TextEncoder().encode(token) : token;
  const text = new TextDecoder().decode(bytes);
  return { token: text, bytes: [...bytes], logprob: -1, top_logprobs: [] };
}

/** Tokens that come `size` in a piece. */
async function* reply(tokens: (string | Uint8Array)[], size: number): AsyncGenerator<EngineChunk> {
  const decoder = new TextDecoder();
  for (let at = 0; at < tokens.length; at += size) {
    const piece = tokens.slice(at, at + size).map(logprobOf);
    const bytes = piece.flatMap((one) => one.bytes);
    const content = decoder.decode(Uint8Array.from(bytes), { stream: true });
    yield { type: 'delta', content, logprobs: piece };
  }
  const times = { promptMs: 1, evalTokens: 1, evalMs: 1 };
  yield { type: 'final', reason: 'stop', promptTokens: 1, cachedTokens: 0, ...times };
}

async function read(tokens: (string | Uint8Array)[], size: number, open = false) {
  const answers = answerLogprobs(reply(tokens, size), TAGS, open);
  let content = '';
  const told: number[][] = [];
  for await (const chunk of dropThoughts(withThinking(answers, TAGS, open))) {
    if (chunk.type !== 'delta') continue;
    content += chunk.content;
    told.push(...(chunk.logprobs ?? []).map(({ bytes }) => bytes));
  }
  return { content, bytes: told.flat(), tokens: told.length };
}

const HORSE = new TextEncoder().encode('🐴');

describe.each([1, 2, 3, 5, 50])('in pieces of %d tokens', (size) => {
  it.each([
    [
      'behind a thought',
      ['<th', 'ink>', ' Hm', '.\n', '</think>', '\n\n', 'Yes', ', no'],
      'Yes, no',
    ],
    ['without one', ['Yes', ' <', 'think>', ' so'], 'Yes <think> so'],
    ['that looks like one at first', ['<th', 'e'], '<the'],
    ['that ends as one begins', ['<thi'], '<thi'],
    ['of a thought that is not closed', ['<think>', 'Hm'], ''],
    [
      'whose first character is of several tokens',
      ['<think>', 'Hm', '</think>', HORSE.slice(0, 2), HORSE.slice(2), '!'],
      '🐴!',
    ],
  ])('%s', async (_what, tokens, content) => {
    const read_ = await read(tokens, size);
    expect(read_.content).toBe(content);
    expect(new TextDecoder().decode(Uint8Array.from(read_.bytes))).toBe(content);
  });

  it('of a thought that the prompt has begun', async () => {
    const tokens = ['Hm', '.</th', 'ink>\n', '\nYes', '!'];
    // A token that ends blanks and begins the answer is the answer's, whole.
    const { content, bytes } = await read(tokens, size, true);
    expect(content).toBe('Yes!');
    expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe('\nYes!');
  });
});
