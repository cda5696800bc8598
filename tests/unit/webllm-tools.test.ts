/** Tools of MLC models: what is told of them. */
import { expect, it } from 'vitest';
import { withTools } from '../../workers/runner/engines/webllm/tools';

const call = (json: string) => `<tool_call>\n${json}\n</tool_call>`;

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
