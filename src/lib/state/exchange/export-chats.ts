/** Chats as files, one chat in memory at a time. */
import { BlobParts } from '#core/exchange/blob-parts';
import type { Chat, ChatFile } from '#core/exchange/chat';
import type { Caller } from '#core/caller';
import type { ExchangeMethods } from '#core/exchange/methods';
import { dateName, safeFileName, safeName } from '#core/exchange/file-names';
import { chatMarkdown } from '#core/exchange/markdown';
import {
  chatFileJson,
  chatItem,
  chatsFrame,
  extrasJson,
  manifestJson,
} from '#core/exchange/paddock-json';
import { withExchange } from '$lib/client/exchange';
import { listFolders, readChat } from '$lib/storage/exchange-read';

export interface Work {
  signal: AbortSignal;
  onProgress: (done: number, of: number) => void;
}

/** Those that are still there, one by one. @throws PaddockError, `aborted` too */
async function* eachChat(
  ids: readonly string[],
  { signal, onProgress }: Work,
): AsyncGenerator<Chat, void, void> {
  for (const [done, id] of ids.entries()) {
    signal.throwIfAborted();
    onProgress(done, ids.length);
    const chat = await readChat(id);
    if (chat) yield chat;
  }
  onProgress(ids.length, ids.length);
}

/** Our own format. */
export async function chatsJson(ids: readonly string[], work: Work): Promise<Blob> {
  const chats: BlobParts = new BlobParts();
  const folders = new Set<string>();
  const frame = async () => {
    const used = (await listFolders()).filter(({ id }) => folders.has(id));
    return chatsFrame(used);
  };
  let between = '';
  for await (const chat of eachChat(ids, work)) {
    if (chat.conversation.folder !== undefined) folders.add(chat.conversation.folder);
    chats.add(between + chatItem(chat));
    between = chatsFrame([]).between;
  }
  const { before, after } = await frame();
  return new Blob([before, chats.blob(''), after], { type: 'application/json' });
}

/** Markdown and JSON of each, and what was attached. */
export function chatsZip(ids: readonly string[], work: Work): Promise<Blob> {
  return withExchange(async (worker) => {
    await pack(worker, 'paddock.json', manifestJson('chats', Date.now()));
    await packFolders(worker);
    await packChats(worker, ids, work);
    return worker.call('finish', null, { signal: work.signal }).result;
  });
}

export async function packFolders(worker: Caller<ExchangeMethods>): Promise<void> {
  const folders = await listFolders();
  if (folders.length > 0) await pack(worker, 'folders.json', extrasJson('folders', folders));
}

export async function packChats(
  worker: Caller<ExchangeMethods>,
  ids: readonly string[],
  work: Work,
): Promise<void> {
  const names = new Names();
  for await (const chat of eachChat(ids, work)) {
    const { title, createdAt } = chat.conversation;
    const name = names.free(`${dateName(createdAt)} ${safeName(title, 'Untitled chat')}`);
    const paths = new Map<string, string>();
    for (const file of chat.files) {
      const path = `attachments/${name}/${names.free(attachmentName(file), `${name}/`)}`;
      const data = file.kind === 'image' ? file.bytes : file.text;
      if (data === undefined) continue;
      paths.set(file.id, path);
      await pack(worker, path, data);
    }
    await pack(
      worker,
      `chats/${name}.json`,
      chatFileJson(chat, ({ id }) => paths.get(id) ?? null),
    );
    const beside = ({ id, name: own }: ChatFile) => `../${paths.get(id) ?? own}`;
    await pack(worker, `chats/${name}.md`, chatMarkdown(chat, beside));
  }
}

export async function pack(
  worker: Caller<ExchangeMethods>,
  path: string,
  data: string | Uint8Array,
): Promise<void> {
  await worker.call('pack', { path, data }).result;
}

const ENDINGS: Record<string, string> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'image/gif': '.gif',
  'image/avif': '.avif',
};

/** Of what is written, which for a PDF is its text. */
function attachmentName({ name, kind, type }: ChatFile): string {
  const safe = safeFileName(name, 'attachment');
  if (kind === 'text')
    return /\.\w{1,8}$/.test(safe) && !/\.jsonl?$/i.test(safe) ? safe : `${safe}.txt`;
  const bare = safe.replace(/\.\w{1,8}$/, '');
  return bare + (kind === 'pdf' ? '.txt' : (ENDINGS[type] ?? '.png'));
}

/** No two alike, also where capitals are not told apart. */
class Names {
  readonly #taken = new Set<string>();

  free(name: string, within = ''): string {
    const [, bare = name, ending = ''] = /^(.*?)(\.\w{1,8})$/su.exec(name) ?? [];
    for (let count = 1; ; count++) {
      const one = count === 1 ? name : `${bare} (${count})${ending}`;
      const key = (within + one).toLowerCase().normalize('NFC');
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return one;
    }
  }
}

/** `paddock-chats-2026-03-01.zip`, or by the title where there is one chat. */
export function exportName(titles: readonly string[], ending: string): string {
  const day = dateName(Date.now());
  const [only] = titles;
  const name = titles.length === 1 ? safeName(only!, 'chat') : `paddock-chats-${day}`;
  return `${name}.${ending}`;
}
