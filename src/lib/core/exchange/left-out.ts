/** What an import could not take, counted, and in words. */
import { formatCount } from '#core/format';

/** One sentence for one, one for more, each with its count. */
const SENTENCES = {
  no_text: ['1 message without text was left out.', '# messages without text were left out.'],
  bad_message: [
    '1 message that cannot be read was left out.',
    '# messages that cannot be read were left out.',
  ],
  system: [
    '1 system prompt within a chat was left out.',
    '# system prompts within chats were left out.',
  ],
  same_id: [
    '1 message that was there twice was left out.',
    '# messages that were there twice were left out.',
  ],
  no_parent: [
    '1 message that followed none of its chat begins it now.',
    '# messages that followed none of their chats begin them now.',
  ],
  bad_time: [
    '1 time that no clock shows was put right.',
    '# times that no clock shows were put right.',
  ],
  bad_file: [
    '1 attachment that cannot be read was left out.',
    '# attachments that cannot be read were left out.',
  ],
  foreign_part: [
    '1 part that is neither text nor a picture in the file was left out.',
    '# parts that are neither text nor pictures in the file were left out.',
  ],
  empty_chat: ['1 chat without messages was left out.', '# chats without messages were left out.'],
  bad_chat: [
    '1 chat that cannot be read was left out.',
    '# chats that cannot be read were left out.',
  ],
  bad_extra: [
    '1 entry that cannot be read was left out.',
    '# entries that cannot be read were left out.',
  ],
  other_file: ['1 file in the ZIP holds no chats.', '# files in the ZIP hold no chats.'],
} as const satisfies Record<string, readonly [string, string]>;

export type Reason = keyof typeof SENTENCES;

/** How often each thing happened. */
export class LeftOut {
  readonly counts = new Map<Reason, number>();

  add(reason: Reason, count = 1): void {
    if (count > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  list(): [Reason, number][] {
    return [...this.counts];
  }
}

export function leftOutSentence(reason: Reason, count: number): string {
  const [one, more] = SENTENCES[reason];
  return count === 1 ? one : more.replace('#', formatCount(count));
}
