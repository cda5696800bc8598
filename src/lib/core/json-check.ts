/** Whether a reply that was to be JSON is what its schema asks for: what the page and the checking worker share. */

export interface JsonCheckMethods {
  /** `format`: the text of a schema; empty: any JSON. */
  check: { params: { text: string; format: string }; chunk: never; result: JsonVerdict };
}

export type JsonVerdict =
  /** `schema`: against one. */
  | { state: 'valid'; schema: boolean }
  /** The first faults, and how many there are. */
  | { state: 'invalid'; faults: JsonFault[]; count: number }
  /** It ends too early. */
  | { state: 'incomplete' }
  /** `reason`: why it is none. */
  | { state: 'no_json'; reason: string }
  /** `reason`: why it could not be checked. */
  | { state: 'unchecked'; reason: string };

export interface JsonFault {
  /** RFC 6901; empty: the whole value. */
  pointer: string;
  message: string;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|"(?:[^"\\]|\\.)*$|[{}[\],:]|[^\s"{}[\],:]+/gs;

/** Whether `text`, which is no JSON, would be some if it went on: it ends in a string, or in brackets that are open. */
export function endsEarly(text: string): boolean {
  const open: string[] = [];
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith('"') && (token.length === 1 || !/(^|[^\\])(\\\\)*"$/.test(token))) {
      return true;
    }
    if (token === '{' || token === '[') open.push(token);
    else if (token === '}' || token === ']') {
      if (open.pop() !== (token === '}' ? '{' : '[')) return false;
    }
  }
  return open.length > 0 || text.trim() === '';
}

/** JSON with a line for each value, every number and string as it was written; null where `text` is no JSON. */
export function indentedJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const tokens = [...text.matchAll(TOKENS)].map(([token]) => token);
  let depth = 0;
  let lines = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, at) => {
    const before = tokens[at - 1];
    const closes = token === '}' || token === ']';
    if (closes) depth--;
    const empty = closes && (before === '{' || before === '[');
    if ((closes && !empty) || before === ',' || (isOpening(before) && !closes)) lines += line();
    lines += token === ':' ? ': ' : token;
    if (isOpening(token)) depth++;
  });
  return lines;
}

function isOpening(token: string | undefined): boolean {
  return token === '{' || token === '[';
}
