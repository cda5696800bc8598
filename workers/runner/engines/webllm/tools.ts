/** Tools in Hermes' way: a call is JSON between two tags. */
import type { ChatMessage, Tool } from '#core/engine';
import type { ResponseFormat } from './pipeline';

const OPEN = '<tool_call>';
const CLOSE = '</tool_call>';

/** The chat with its tools, calls and answers as texts. */
export function withTools(
  messages: readonly ChatMessage[],
  tools: readonly Tool[],
): readonly ChatMessage[] {
  const told = messages.map(toText);
  if (tools.length === 0) return told;
  return [{ role: 'system', content: introduce(tools) }, ...told];
}

function introduce(tools: readonly Tool[]): string {
  const functions = tools.map((tool) => JSON.stringify({ type: 'function', function: tool }));
  return [
    'These functions can be called:',
    `<tools>\n${functions.join('\n')}\n</tools>`,
    'To call one, write its name and arguments as JSON between two tags, a pair for each call:',
    `${OPEN}\n{"name": "the function", "arguments": {"parameter": "value"}}\n${CLOSE}`,
    'Where no function helps, answer without one.',
  ].join('\n');
}

function toText(message: ChatMessage): ChatMessage {
  const { role, content, toolCalls = [] } = message;
  if (role === 'tool') {
    return { role, content: `<tool_response>\n${content}\n</tool_response>` };
  }
  if (toolCalls.length === 0) return message;
  const calls = toolCalls.map((call) => {
    return `${OPEN}\n${JSON.stringify({ name: call.name, arguments: call.arguments })}\n${CLOSE}`;
  });
  return { ...message, content: [content, ...calls].filter(Boolean).join('\n') };
}

/** A grammar by which a call, once begun, is one of a tool that there is. */
export function toolFormat(tools: readonly Tool[]): ResponseFormat {
  const tags = tools.map(({ name, parameters }) => ({
    type: 'tag',
    begin: `${OPEN}\n{"name": ${JSON.stringify(name)}, "arguments": `,
    content: { type: 'json_schema', json_schema: parameters },
    end: `}\n${CLOSE}`,
  }));
  const format = { type: 'triggered_tags', triggers: [OPEN], tags };
  return { type: 'structural_tag', structural_tag: { type: 'structural_tag', format } };
}
