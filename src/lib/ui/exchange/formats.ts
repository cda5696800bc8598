/** How chats can be saved. */
import * as m from '#core/messages/exchange';
import { chatMarkdown } from '#core/exchange/markdown';
import type { Chat } from '#core/exchange/chat';
import { readChat } from '$lib/storage/exchange-read';
import { chatsJson, chatsZip, type Work } from '$lib/state/exchange/export-chats';

export type ExportFormat = 'zip' | 'json' | 'md' | 'html';

export interface FormatChoice {
  format: ExportFormat;
  title: string;
  about: () => string;
  /** Of one chat only. */
  single?: true;
}

export const FORMATS: FormatChoice[] = [
  {
    format: 'zip',
    title: 'ZIP',
    about: m.exchange_format_zip,
  },
  { format: 'json', title: 'JSON', about: m.exchange_format_json },
  { format: 'md', title: 'Markdown', about: m.exchange_format_md, single: true },
  {
    format: 'html',
    title: 'HTML',
    about: m.exchange_format_html,
    single: true,
  },
];

/** Null where there is no such chat any more. @throws PaddockError */
export async function exportAs(
  format: ExportFormat,
  ids: readonly string[],
  work: Work,
): Promise<Blob | null> {
  if (format === 'zip') return chatsZip(ids, work);
  if (format === 'json') return chatsJson(ids, work);
  const chat = await readChat(ids[0] ?? '');
  return chat && new Blob([await written(format, chat)], { type: TYPES[format] });
}

const TYPES = { md: 'text/markdown', html: 'text/html' };

async function written(format: 'md' | 'html', chat: Chat): Promise<string> {
  if (format === 'md') return chatMarkdown(chat);
  const { chatPage } = await import('./chat-html');
  return chatPage(chat);
}
