import type { ConversationRecord } from '$lib/storage/records';

const TITLE_LENGTH = 60;

/** The first line of a message as a title of at most 60 characters. */
export function titleFrom(message: string): string {
  const line = message.trim().split('\n', 1)[0]!.replace(/\s+/g, ' ');
  const letters = [...line];
  return letters.length <= TITLE_LENGTH ? line : `${letters.slice(0, TITLE_LENGTH - 1).join('')}…`;
}

/** Whether a list need not be drawn again for `b` in the place of `a`. */
export function sameConversation(a: ConversationRecord, b?: ConversationRecord): boolean {
  return (
    b !== undefined &&
    a.title === b.title &&
    a.titledBy === b.titledBy &&
    a.updatedAt === b.updatedAt &&
    a.deletedAt === b.deletedAt &&
    a.leaf === b.leaf &&
    a.pinned === b.pinned &&
    a.folder === b.folder &&
    JSON.stringify(a.setup) === JSON.stringify(b.setup)
  );
}
