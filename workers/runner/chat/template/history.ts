/** A chat's messages as a template can take them. */
import type { ChatMessage } from '#core/engine';
import type { ThinkTags } from '#core/template/think-tags';
import { ThoughtSplitter } from '../thought-splitter';

/**
 * Without what was thought before the last question: models are trained on chats without it, and it would fill the
 * context. Thoughts between calls of tools stay, which belong to the question that is being answered.
 */
export function withoutThoughts(
  messages: readonly ChatMessage[],
  tags: ThinkTags | undefined,
): readonly ChatMessage[] {
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  return messages.map((message, at) => {
    return message.role !== 'assistant' || at > asked ? message : answerAlone(message, tags);
  });
}

function answerAlone(
  { thinking: _, ...message }: ChatMessage,
  tags: ThinkTags | undefined,
): ChatMessage {
  if (!tags) return message;
  const splitter = new ThoughtSplitter(tags, false);
  return { ...message, content: splitter.push(message.content).content + splitter.flush().content };
}

/** With calls and answers of tools as text, for a template that knows of neither and might refuse the role. */
export function withoutTools(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.map(({ toolCalls = [], toolName: _, ...message }) => {
    if (message.role === 'tool') {
      const content = `<tool_response>\n${message.content}\n</tool_response>`;
      return { ...message, role: 'user', content };
    }
    if (toolCalls.length === 0) return message;
    const calls = toolCalls.map(({ name, arguments: args }) => {
      return `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
    });
    return { ...message, content: [message.content, ...calls].filter(Boolean).join('\n') };
  });
}
