import { expect, it } from 'vitest';
import type { EngineChunk } from '#core/engine';
import { withoutPrefix } from '../../workers/runner/engines/wllama/without-prefix';

async function text(pieces: string[], written: string): Promise<string> {
  async function* chunks(): AsyncGenerator<EngineChunk> {
    for (const content of pieces) yield { type: 'delta', content };
    await Promise.resolve();
  }
  let all = '';
  for await (const chunk of withoutPrefix(chunks(), written)) {
    if (chunk.type === 'delta') all += chunk.content;
  }
  return all;
}

it.each([
  [['One two', ' three'], 'One two', ' three'],
  [['One', ' two', ' three'], 'One two', ' three'],
  [['One two three'], 'One two', ' three'],
  [['One two', ' three'], 'One two ', ' three'],
  [['One two', ' three'], '\nOne two', ' three'],
  [['Something', ' else'], 'One two', 'Something else'],
  [[' three'], 'One two', ' three'],
])('%j after %j is %j', async (pieces, written, rest) => {
  expect(await text(pieces, written)).toBe(rest);
});

it('passes on how far the prompt is', async () => {
  const reading: EngineChunk = { type: 'prompt', evaluated: 1, total: 2 };
  async function* chunks(): AsyncGenerator<EngineChunk> {
    yield reading;
    yield { type: 'delta', content: 'One two' };
    await Promise.resolve();
  }
  const seen: EngineChunk[] = [];
  for await (const chunk of withoutPrefix(chunks(), 'One')) seen.push(chunk);
  expect(seen).toEqual([reading, { type: 'delta', content: ' two' }]);
});

it('keeps a reply that ended before it could be told apart', async () => {
  async function* chunks(): AsyncGenerator<EngineChunk> {
    yield { type: 'delta', content: 'On' };
    await Promise.resolve();
    yield {
      type: 'final',
      reason: 'stop',
      promptTokens: 1,
      cachedTokens: 0,
      promptMs: 1,
      evalTokens: 1,
      evalMs: 1,
    };
  }
  const seen: EngineChunk[] = [];
  for await (const chunk of withoutPrefix(chunks(), 'One two')) seen.push(chunk);
  expect(seen.map(({ type }) => type)).toEqual(['delta', 'final']);
});
