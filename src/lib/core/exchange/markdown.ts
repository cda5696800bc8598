/** The shown branch of a chat as Markdown. */
import type { Chat, ChatFile, ChatMessage } from '#core/exchange/chat';
import { fenced } from '#core/exchange/fenced';
import { formatDuration } from '#core/format';
import { shownBranch } from '#core/exchange/tree';

/** @param pathOf where an attachment lies beside the text; without it only its name is written */
export function chatMarkdown(
  { conversation, messages, files }: Chat,
  pathOf?: (file: ChatFile) => string,
): string {
  const byId = new Map(files.map((file) => [file.id, file]));
  const system = conversation.setup?.system;
  const parts = [`# ${inLine(conversation.title)}`];
  if (system) parts.push('## System', fenced(system, 'text'));
  for (const message of shownBranch(conversation, messages)) {
    parts.push(`## ${heading(message)}`);
    if (message.thinking) parts.push(thoughts(message.thinking));
    for (const id of message.attachments ?? []) {
      const file = byId.get(id);
      if (file) parts.push(attachment(file, pathOf?.(file)));
    }
    if (message.role === 'tool') parts.push(fenced(message.content, 'text'));
    else if (message.content !== '') parts.push(closed(message.content));
    for (const call of message.toolCalls ?? []) {
      const what = JSON.stringify(call.arguments, null, 2);
      parts.push(`Calls ${inLine(call.name)}:`, fenced(what, 'json'));
    }
  }
  return `${parts.join('\n\n')}\n`;
}

function heading({ role, model, toolName, toolMs }: ChatMessage): string {
  if (role === 'user') return 'User';
  if (role === 'tool') {
    const what = [toolName && inLine(toolName), toolMs !== undefined && formatDuration(toolMs)];
    const known = what.filter(Boolean);
    return known.length > 0 ? `Tool (${known.join(', ')})` : 'Tool';
  }
  return model ? `Assistant (${inLine(model)})` : 'Assistant';
}

/** What would end them is written so that it does not. */
function thoughts(text: string): string {
  const kept = text.replace(/<(?=\/?(details|summary)\b)/gi, '&lt;');
  return `<details>\n<summary>Thoughts</summary>\n\n${closed(kept)}\n\n</details>`;
}

function attachment({ kind, name }: ChatFile, path?: string): string {
  if (path === undefined) return `Attachment: ${inLine(name)}`;
  return `${kind === 'image' ? '!' : ''}[${inLine(name)}](<${encodeURI(path)}>)`;
}

/** One line whose letters mean nothing. */
function inLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()<>#+!|~&]/g, '\\$&');
}

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** A block of code that the text leaves open ends with it, and not with the next message's. */
export function closed(text: string): string {
  let open = '';
  for (const line of text.split('\n')) {
    const [, fence = '', rest = ''] = FENCE.exec(line.replace(/\r$/, '')) ?? [];
    if (fence === '') continue;
    if (open === '') {
      if (fence[0] === '~' || !rest.includes('`')) open = fence;
    } else if (fence[0] === open[0] && fence.length >= open.length && rest.trim() === '') open = '';
  }
  return open === '' ? text : `${text}\n${open}`;
}
