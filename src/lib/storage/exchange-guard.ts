/** What a file brings, as records: checked as everything read is. */
import type { Chat, ChatFile } from '#core/exchange/chat';
import { isObject } from '#core/is-object';
import { isTime, parseConversation } from './guards';
import { parseMessage } from './message-guard';
import type {
  AttachmentRecord,
  ConversationRecord,
  DraftRecord,
  FolderRecord,
  MessageRecord,
  PromptRecord,
  VoteRecord,
} from './records';
import { parseStats } from './guard-details';

export interface ChatRecords {
  conversation: ConversationRecord;
  messages: MessageRecord[];
  attachments: AttachmentRecord[];
}

/** Null where the conversation cannot be used; it is in no trash. */
export function toRecords({ conversation, messages, files }: Chat): ChatRecords | null {
  const parsed = parseConversation(conversation);
  if (!parsed) return null;
  delete parsed.deletedAt;
  return {
    conversation: parsed,
    messages: messages.map(parseMessage).filter((one) => one !== null),
    attachments: files.map(toAttachment),
  };
}

/** Only a picture's own type is believed: a page of HTML that calls itself one would be shown as a page. */
const IMAGE = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;

function toAttachment({ bytes, ...file }: ChatFile): AttachmentRecord {
  if (file.kind !== 'image' || !bytes) return file;
  const type = IMAGE.test(file.type) ? file.type : 'image/png';
  return { ...file, type, image: new Blob([bytes], { type }) };
}

export function parseFolder(value: unknown): FolderRecord | null {
  if (!isObject(value) || !isTime(value.createdAt)) return null;
  const { id, name, createdAt } = value;
  return isText(id) && isText(name) ? { id, name, createdAt } : null;
}

export function parsePrompt(value: unknown): PromptRecord | null {
  if (!isObject(value) || !isTime(value.updatedAt)) return null;
  const { id, name, text, updatedAt } = value;
  return isText(id) && isText(name) && isText(text) ? { id, name, text, updatedAt } : null;
}

/** The attachments of a draft are no part of a backup, as they belong to no message. */
export function parseDraft(value: unknown): DraftRecord | null {
  if (!isObject(value) || !isTime(value.updatedAt) || !Array.isArray(value.queue)) return null;
  const { id, text, updatedAt } = value;
  if (!isText(id) || !isText(text)) return null;
  const queue = value.queue.flatMap((one: unknown) =>
    isObject(one) && isText(one.text) ? [{ text: one.text, attachments: [] }] : [],
  );
  return { id, text, attachments: [], queue, updatedAt };
}

export function parseVote(value: unknown): VoteRecord | null {
  if (!isObject(value) || !isTime(value.createdAt) || !Array.isArray(value.sides)) return null;
  const { id, prompt, createdAt, chat } = value;
  const vote = (['left', 'right', 'tie', 'neither'] as const).find((one) => one === value.vote);
  const [left, right] = value.sides.map(parseSide);
  if (!isText(id) || !isText(prompt) || !vote || !left || !right) return null;
  return {
    ...{ id, prompt, createdAt, vote, sides: [left, right] },
    ...(isText(chat) ? { chat } : {}),
    ...(value.blind === true ? { blind: true } : {}),
  };
}

function parseSide(value: unknown): VoteRecord['sides'][0] | null {
  if (!isObject(value) || !isText(value.model) || !isText(value.content)) return null;
  const stats = parseStats(value.stats);
  return { model: value.model, content: value.content, ...(stats ? { stats } : {}) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
