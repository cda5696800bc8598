/** Replies of before thoughts had a place of their own: they stand between tags in front of the answer. */

const OPEN = '<think>\n';
const CLOSE = '\n</think>\n\n';

/** Null where `content` begins with no thought. One that never ended is all thought. */
export function splitThought(content: string): { thinking: string; content: string } | null {
  if (!content.startsWith(OPEN)) return null;
  const end = content.indexOf(CLOSE);
  if (end === -1) return { thinking: content.slice(OPEN.length), content: '' };
  return { thinking: content.slice(OPEN.length, end), content: content.slice(end + CLOSE.length) };
}
