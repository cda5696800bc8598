/** Chats as llama.cpp's web UI exports them: `{ conv, messages }`, alone, in a list, or a line each. */
import { fromDataUrl } from '#core/exchange/base64';
import type { Chat, ChatMessage } from '#core/exchange/chat';
import { toChat, type ForeignFile, type ForeignNode } from '#core/exchange/foreign';
import type { LeftOut } from '#core/exchange/left-out';
import { isObject } from '#core/is-object';

export function isLlamaCpp(value: Record<string, unknown>): boolean {
  return isObject(value.conv) && Array.isArray(value.messages);
}

/** Null where there is no message in it. */
export function readLlamaCpp(value: Record<string, unknown>, leftOut: LeftOut): Chat | null {
  const conv = value.conv as Record<string, unknown>;
  let system: string | undefined;
  const nodes: ForeignNode[] = [];
  for (const one of value.messages as unknown[]) {
    if (!isObject(one) || idOf(one.id) === null) {
      leftOut.add('bad_message');
      continue;
    }
    const { role, type, content } = one;
    let message = null;
    if (role === 'system' && type !== 'root' && typeof content === 'string' && content !== '') {
      if (system === undefined) system = content;
      else leftOut.add('system');
    } else if (type !== 'root' && role !== 'system') message = messageOf(one, leftOut);
    nodes.push({ id: idOf(one.id)!, parent: idOf(one.parent), message });
  }
  return toChat(
    {
      source: 'llama.cpp',
      id: idOf(conv.id) ?? `${String(conv.name)} ${String(conv.lastModified)}`,
      title: conv.name,
      createdAt: undefined,
      updatedAt: conv.lastModified,
      current: idOf(conv.currNode),
      ...(system === undefined ? {} : { system }),
      nodes,
    },
    leftOut,
  );
}

/** Older versions counted their messages; theirs begin under -1. */
function idOf(value: unknown): string | null {
  if (typeof value === 'number' && value >= 0) return String(value);
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : null;
}

function messageOf(value: Record<string, unknown>, leftOut: LeftOut): ForeignNode['message'] {
  const { role, content, model, timestamp, toolCallId, extra } = value;
  if ((role !== 'user' && role !== 'assistant' && role !== 'tool') || typeof content !== 'string') {
    leftOut.add('bad_message');
    return null;
  }
  const thinking = [value.thinking, value.reasoning_content, value.reasoningContent].find(
    (one) => typeof one === 'string' && one !== '',
  );
  const files = Array.isArray(extra) ? extra.flatMap((one) => fileOf(one, leftOut) ?? []) : [];
  const toolCalls = callsOf(value.toolCalls ?? value.tool_calls);
  if (content.trim() === '' && thinking === undefined && !files.length && !toolCalls) {
    leftOut.add('no_text');
    return null;
  }
  const stats = statsOf(value.timings);
  return {
    ...{ role, content, time: timestamp, files },
    ...(typeof thinking === 'string' ? { thinking } : {}),
    ...(typeof model === 'string' && model !== '' ? { model } : {}),
    ...(typeof toolCallId === 'string' ? { toolCallId } : {}),
    ...(toolCalls ? { toolCalls } : {}),
    ...(stats ? { stats } : {}),
  };
}

/** Its names for a kind of attachment have changed; what they hold has not. */
function fileOf(value: unknown, leftOut: LeftOut): ForeignFile | null {
  if (isObject(value)) {
    const name = typeof value.name === 'string' ? value.name : 'attachment';
    const { type, content, base64Url } = value;
    const image = typeof base64Url === 'string' ? fromDataUrl(base64Url) : null;
    if ((type === 'IMAGE' || type === 'imageFile') && image?.type.startsWith('image/')) {
      return { name, kind: 'image', ...image };
    }
    if (typeof content === 'string' && (type === 'PDF' || type === 'pdfFile')) {
      return { name, kind: 'pdf', type: 'application/pdf', text: content };
    }
    if (typeof content === 'string')
      return { name, kind: 'text', type: 'text/plain', text: content };
  }
  leftOut.add('bad_file');
  return null;
}

/** OpenAI's calls, as the text of a list. */
function callsOf(value: unknown): ChatMessage['toolCalls'] | null {
  try {
    const list: unknown = typeof value === 'string' && value !== '' ? JSON.parse(value) : value;
    if (!Array.isArray(list) || list.length === 0) return null;
    return list.map((one: { id?: unknown; function: { name: unknown; arguments?: unknown } }) => {
      const given = one.function.arguments;
      const parsed: unknown = typeof given === 'string' ? JSON.parse(given || '{}') : given;
      return {
        id: typeof one.id === 'string' ? one.id : '',
        name: String(one.function.name),
        arguments: isObject(parsed) ? parsed : {},
      };
    });
  } catch {
    return null; // the message stays without them
  }
}

function statsOf(value: unknown): object | null {
  if (!isObject(value)) return null;
  const { predicted_n: replyTokens, predicted_ms: evalMs, prompt_n: promptTokens } = value;
  if (typeof replyTokens !== 'number' || typeof evalMs !== 'number') return null;
  return { measured: 'engine', reason: 'stop', replyTokens, evalMs, promptTokens };
}
