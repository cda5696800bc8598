import { withTextFiles } from '#core/attachments/fence';
import type { AttachmentRecord } from '$lib/storage/records';
import { attachments } from './attachments.svelte';
import type { HistoryMessage } from './history';

/** As `/api/chat` takes it. */
export interface WireMessage {
  role: string;
  content: string;
  thinking?: string;
  /** Base64. */
  images?: string[];
}

/** Messages with their files: texts before what was written, images beside it. @throws PaddockError */
export function withFiles(messages: readonly HistoryMessage[]): Promise<WireMessage[]> {
  return Promise.all(
    messages.map(async ({ files = [], ...message }) => {
      if (files.length === 0) return message;
      return withRecords(message, await attachments.read(files));
    }),
  );
}

export async function withRecords(
  message: WireMessage,
  records: readonly AttachmentRecord[],
): Promise<WireMessage> {
  const texts = records.filter(({ text }) => text !== undefined) as {
    name: string;
    text: string;
  }[];
  const images = await Promise.all(records.flatMap(({ image }) => (image ? [base64(image)] : [])));
  const content = withTextFiles(message.content, texts);
  return { ...message, content, ...(images.length > 0 && { images }) };
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let letters = '';
  // More arguments than this at once overflow the stack.
  for (let at = 0; at < bytes.length; at += 32_768) {
    letters += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  }
  return btoa(letters);
}
