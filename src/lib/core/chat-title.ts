/** A title for a chat, asked of the model that answers in it. */
import { fold } from '#core/search/fold';

/** Tokens that the model may write: six words in most languages. */
export const TITLE_TOKENS = 20;

/** Behind the chat's own messages: what the engine has read of them already is not read again. */
export const TITLE_QUESTION =
  'Write a title for this chat: at most six words, in the language of the chat, without quotation marks. Answer with the title alone.';

/** Characters. */
const LONGEST = 60;

const CONTROLS = /[\p{Cc}\p{Cf}]+/gu;
const THOUGHT = /<think>.*?(<\/think>|$)/gs;
const LABEL = /^(chat )?title\s*[:：-]\s*/i;
const MARKUP_BEFORE = /^(#{1,6}\s+|[-*+]\s+|\d+[.)]\s+)/;
const EDGES = /^[\s"'“”„«»‘’`*_~「」『』]+|[\s"'“”„«»‘’`*_~「」『』.,;:。、]+$/gu;
/** How an answer begins that is none. */
const CHATTER =
  /^(sure|certainly|of course|okay|here(’|'| i)?s\b|i(’|')?m\b|i (am|will|can|cannot|do)\b|as an ai|you said|the title\b|this chat\b)/i;

/**
 * What a model wrote as a title of at most 60 characters; null where it is none: empty, markup, chatter, without
 * words, or the question or the instruction again.
 * @param cut it was ended by the limit
 * @param question the first message of the chat
 */
export function titleOf(written: string, cut: boolean, question: string): string | null {
  const lines = written.replace(THOUGHT, '').trim().split(/\r?\n/);
  // It was still in its first line: a sentence, and no title.
  if (cut && lines.length === 1) return null;
  const line = (lines[0] ?? '').replace(CONTROLS, ' ').replace(/\s+/g, ' ');
  const title = shortened(line.replace(MARKUP_BEFORE, '').replace(EDGES, '').replace(LABEL, ''));
  return isTitle(title, question) ? title : null;
}

function shortened(line: string): string {
  const bare = line.replace(EDGES, '');
  const letters = [...bare];
  if (letters.length <= LONGEST) return bare;
  const start = letters.slice(0, LONGEST - 1).join('');
  const end = start.lastIndexOf(' ');
  return `${end > LONGEST / 2 ? start.slice(0, end) : start}…`;
}

function isTitle(title: string, question: string): boolean {
  if ((title.match(/\p{L}/gu) ?? []).length < 2) return false;
  if (/[<>{}[\]|\\\ufffd]|https?:/.test(title) || CHATTER.test(title)) return false;
  const folded = fold(title.replace(/…$/, ''));
  const repeats = (text: string) => fold(text).replace(/\s+/g, ' ').trim().startsWith(folded);
  if (repeats(question) || fold(TITLE_QUESTION).includes(folded)) return false;
  const words = folded.split(' ');
  return words.length < 3 || new Set(words).size > words.length / 2;
}
