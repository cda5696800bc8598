/** Tools in Hermes' way: a call is JSON between two tags. */
import type { ChatMessage, Tool, ToolCall } from '#core/engine';
import { isObject } from '#core/is-object';
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

/** What of a reply is text, and what are calls. */
export class ToolCallReader {
  /** What may be, or is, the beginning of a call. */
  #held = '';

  push(text: string): { content: string; calls: ToolCall[] } {
    this.#held += text;
    const calls: ToolCall[] = [];
    let content = '';
    for (;;) {
      const open = this.#held.indexOf(OPEN);
      if (open < 0) break;
      content += this.#held.slice(0, open);
      this.#held = this.#held.slice(open);
      const close = this.#held.indexOf(CLOSE);
      if (close < 0) return { content, calls };
      const call = readCall(this.#held.slice(OPEN.length, close));
      if (call) calls.push(call);
      else content += this.#held.slice(0, close + CLOSE.length);
      this.#held = this.#held.slice(close + CLOSE.length);
    }
    const safe = this.#held.length - beginning(this.#held);
    content += this.#held.slice(0, safe);
    this.#held = this.#held.slice(safe);
    return { content, calls };
  }

  /** The rest, at the end: a call that was not completed is text. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}

/** Characters at the end of `text` that `OPEN` begins with. */
function beginning(text: string): number {
  let length = Math.min(OPEN.length - 1, text.length);
  while (length > 0 && !text.endsWith(OPEN.slice(0, length))) length--;
  return length;
}

function readCall(json: string): ToolCall | undefined {
  try {
    const call: unknown = JSON.parse(json);
    if (!isObject(call) || typeof call.name !== 'string' || !isObject(call.arguments)) return;
    return { id: crypto.randomUUID(), name: call.name, arguments: call.arguments };
  } catch {
    return undefined;
  }
}
