/** Messages and tools as templates in Jinja take them: the shapes of OpenAI and transformers. */
import type { ChatMessage, Tool, ToolCall } from '#core/engine';

/** A template that asks for ids of nine letters, as Mistral's do, refuses all others. */
const NINE_LETTERS = /\blength\s*!=\s*9\b/;
/** It tells a message of calls alone by a content of none; others know a text only. */
const NONE = /content['"]?\]?\s+is\s+(not\s+)?none\b/;

/** It writes contents by their parts alone, as SmolVLM's does; most that know parts ask for a text first. */
const PARTS = /\btype['"]?\]?\s*==\s*['"]text['"]|['"]equalto['"],\s*['"]text['"]/;
const TEXT = /\bis\s+(not\s+)?string\b/;

export function jinjaTools(tools: readonly Tool[]): Record<string, unknown>[] {
  return tools.map((tool) => ({ type: 'function', function: tool }));
}

export function jinjaMessages(
  messages: readonly ChatMessage[],
  template: string,
): Record<string, unknown>[] {
  const short = NINE_LETTERS.test(template);
  const none = NONE.test(template) ? null : '';
  const inParts = PARTS.test(template) && !TEXT.test(template);
  const idOf = (id: string) => (short ? nineLetters(id) : id);
  const unanswered: ToolCall[] = [];
  return messages.map(({ role, content, thinking, toolCalls = [], toolName }) => {
    unanswered.push(...toolCalls);
    const answered = role === 'tool' ? takeCall(unanswered, toolName) : undefined;
    const name = toolName ?? answered?.name;
    return {
      role,
      content: content === '' && toolCalls.length > 0 ? none : inParts ? partsOf(content) : content,
      ...(thinking && { reasoning_content: thinking, thinking }),
      ...(toolCalls.length > 0 && {
        tool_calls: toolCalls.map(({ id, name, arguments: args }) => ({
          id: idOf(id),
          type: 'function',
          function: { name, arguments: args },
        })),
      }),
      ...(name && { name }),
      ...(answered && { tool_call_id: idOf(answered.id) }),
    };
  });
}

/** As one of text: where an image goes its text says. */
function partsOf(text: string): Record<string, unknown>[] {
  return [{ type: 'text', text }];
}

/** The call that a tool's message answers: the first of its name, else the first of all. */
function takeCall(unanswered: ToolCall[], name: string | undefined): ToolCall | undefined {
  const named = unanswered.findIndex((call) => call.name === name);
  return unanswered.splice(Math.max(named, 0), 1)[0];
}

/** The same for the same id. */
function nineLetters(id: string): string {
  return id
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(-9)
    .padStart(9, '0');
}
