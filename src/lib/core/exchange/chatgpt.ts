/** Chats as ChatGPT exports them: `conversations.json`, a list of conversations, each a `mapping` of nodes. */
import type { Chat } from '#core/exchange/chat';
import { toChat, type ForeignNode } from '#core/exchange/foreign';
import type { LeftOut } from '#core/exchange/left-out';
import { fenced } from '#core/exchange/fenced';
import { isObject } from '#core/is-object';

export function isChatGpt(value: Record<string, unknown>): boolean {
  return isObject(value.mapping);
}

/** Null where there is no message in it. */
export function readChatGpt(value: Record<string, unknown>, leftOut: LeftOut): Chat | null {
  const { title, create_time: createdAt, update_time: updatedAt, current_node: current } = value;
  const id = value.conversation_id ?? value.id;
  const nodes = Object.entries(value.mapping as Record<string, unknown>).map(
    ([key, node]): ForeignNode => {
      if (!isObject(node)) {
        leftOut.add('bad_message');
        return { id: key, parent: null, message: null };
      }
      const parent = typeof node.parent === 'string' ? node.parent : null;
      return { id: key, parent, message: messageOf(node.message, leftOut) };
    },
  );
  return toChat(
    {
      source: 'chatgpt',
      id:
        typeof id === 'string'
          ? id.slice(0, 100)
          : `${String(createdAt)} ${String(title).slice(0, 100)}`,
      ...{ title, createdAt, updatedAt },
      current: typeof current === 'string' ? current : null,
      nodes,
    },
    leftOut,
  );
}

function messageOf(value: unknown, leftOut: LeftOut): ForeignNode['message'] {
  if (value === null || value === undefined) return null; // the root has none
  if (!isObject(value) || !isObject(value.author) || !isObject(value.content)) {
    leftOut.add('bad_message');
    return null;
  }
  const { author, content, metadata } = value;
  const facts = isObject(metadata) ? metadata : {};
  const { role } = author;
  if (role === 'system' || facts.is_visually_hidden_from_conversation === true) return null;
  const said = textOf(content, leftOut);
  if (said === null || (role !== 'user' && role !== 'assistant')) {
    // Tools of theirs, and what they answered: nothing that a model here could read again.
    leftOut.add('foreign_part');
    return null;
  }
  if (said.trim() === '') {
    leftOut.add('no_text');
    return null;
  }
  const model = facts.model_slug;
  return {
    ...{ role, content: said, time: value.create_time },
    ...(role === 'assistant' && typeof model === 'string' ? { model } : {}),
  };
}

/** Null for a kind that has no text. */
function textOf(content: Record<string, unknown>, leftOut: LeftOut): string | null {
  const { content_type: kind, parts, text, language } = content;
  if (kind === 'code' && typeof text === 'string') {
    return fenced(text, typeof language === 'string' && language !== 'unknown' ? language : '');
  }
  if ((kind !== 'text' && kind !== 'multimodal_text') || !Array.isArray(parts)) return null;
  const texts = parts.filter((one): one is string => typeof one === 'string');
  // Pictures are in other files of the export, under names that the text does not tell.
  leftOut.add('foreign_part', parts.length - texts.length);
  return texts.join('\n\n');
}
