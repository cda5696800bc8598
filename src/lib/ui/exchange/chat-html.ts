/** One chat's shown branch as an HTML file, its replies drawn by the same pipeline as on the page. */
import { toBase64 } from '#core/exchange/base64';
import type { Chat, ChatFile, ChatMessage } from '#core/exchange/chat';
import { chatHtml, type HtmlPart } from '#core/exchange/html';
import { formatDuration } from '#core/format';
import { shownBranch } from '#core/exchange/tree';
import { markdownView } from '$lib/ui/markdown/view';
import css from '$lib/ui/markdown/markdown.css?raw';

export function chatPage({ conversation, messages, files }: Chat): string {
  const byId = new Map(files.map((file) => [file.id, file]));
  const system = conversation.setup?.system;
  const parts = shownBranch(conversation, messages).map((one) => part(one, byId));
  if (system) parts.unshift({ who: 'System', role: 'tool', text: system, images: [], files: [] });
  const day = new Date(conversation.createdAt);
  return chatHtml(conversation.title, day.toISOString().slice(0, 10), parts, css);
}

function part(message: ChatMessage, byId: Map<string, ChatFile>): HtmlPart {
  const { role, content, model, thinking, toolName, toolMs, toolCalls = [] } = message;
  const attached = (message.attachments ?? []).flatMap((id) => byId.get(id) ?? []);
  const calls = toolCalls.map(
    ({ name, arguments: given }) => `${name} ${JSON.stringify(given, null, 2)}`,
  );
  const text = role === 'assistant' ? calls.join('\n') : content;
  const ran = toolMs === undefined ? undefined : formatDuration(toolMs);
  const details = (role === 'tool' ? [toolName, ran] : [model]).filter(Boolean).join(', ');
  return {
    role,
    who: details ? `${WHO[role]} (${details})` : WHO[role],
    ...(role === 'assistant' && content !== '' ? { html: drawn(content) } : {}),
    ...(text === '' ? {} : { text }),
    ...(thinking ? { thoughts: thinking } : {}),
    images: attached.flatMap(({ name, type, bytes }) =>
      bytes ? [{ src: `data:${type};base64,${toBase64(bytes)}`, alt: name }] : [],
    ),
    files: attached.filter(({ bytes }) => !bytes).map(({ name }) => name),
  };
}

const WHO: Record<ChatMessage['role'], string> = {
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
};

/** Sanitised as on the page; its buttons would do nothing in a file. */
function drawn(source: string): string {
  const box = document.createElement('div');
  const view = markdownView(box);
  view.update(source, true);
  for (const one of box.querySelectorAll('button')) one.remove();
  const html = box.innerHTML;
  view.destroy();
  return html;
}
