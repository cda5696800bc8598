/** Tools of MLC models: what is told, and what is read. */
import { describe, expect, it } from 'vitest';
import type { EngineChunk, FinalChunk } from '#core/engine';
import { withToolCalls } from '../../workers/runner/engines/webllm/tool-chunks';
import { withTools } from '../../workers/runner/engines/webllm/tools';

const FINAL: FinalChunk = {
  ...{ type: 'final', reason: 'stop', promptTokens: 1, cachedTokens: 0 },
  ...{ promptMs: 1, evalTokens: 1, evalMs: 1 },
};

/** The reply's text and calls, however it is cut. */
async function read(text: string, size: number) {
  async function* chunks(): AsyncGenerator<EngineChunk> {
    for (let at = 0; at < text.length; at += size) {
      yield { type: 'delta', content: text.slice(at, at + size) };
    }
    yield FINAL;
  }
  let content = '';
  const calls: [string, unknown][] = [];
  for await (const chunk of withToolCalls(chunks())) {
    if (chunk.type !== 'delta') continue;
    content += chunk.content;
    for (const call of chunk.toolCalls ?? []) calls.push([call.name, call.arguments]);
  }
  return { content, calls };
}

const call = (json: string) => `<tool_call>\n${json}\n</tool_call>`;

describe.each([1, 3, 7, 1000])('a reply in pieces of %i', (size) => {
  it('has its calls in order, and its text without them', async () => {
    const one = call('{"name": "add", "arguments": {"a": 1}}');
    const two = call('{"name": "sub", "arguments": {}}');
    expect(await read(`Well. ${one} and ${two}!`, size)).toEqual({
      content: 'Well.  and !',
      calls: [
        ['add', { a: 1 }],
        ['sub', {}],
      ],
    });
  });

  it.each([
    call('{"name": "add"}'),
    call('no JSON'),
    '<tool_call>\n{"name": "add", "argu',
    'a < b <tool',
  ])('keeps what is no call as text: %s', async (text) => {
    expect(await read(text, size)).toEqual({ content: text, calls: [] });
  });
});

it('tells of tools first, and writes calls and answers as the model would', () => {
  const [system, asked, answered] = withTools(
    [
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'x', name: 'add', arguments: { a: 1 } }],
      },
      { role: 'tool', content: '2', toolName: 'add' },
    ],
    [{ name: 'add', description: 'Adds', parameters: { type: 'object' } }],
  );
  expect(system).toMatchObject({ role: 'system' });
  expect(system!.content).toContain('"description":"Adds"');
  expect(asked!.content).toBe(call('{"name":"add","arguments":{"a":1}}'));
  expect(answered!.content).toBe('<tool_response>\n2\n</tool_response>');
});
