import type { Turn } from './turn.svelte';

/** A message in the spelling of `/api/chat`, and the ids of its files. */
export interface HistoryMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  thinking?: string;
  tool_calls?: HistoryCall[];
  tool_name?: string;
  tool_call_id?: string;
  files?: string[];
}

interface HistoryCall {
  id: string;
  function: { name: string; arguments: Record<string, unknown> };
}

const NO_RESULT = 'The person stopped this before it had a result.';

/**
 * What the model is told of a branch whose last message is the reply to come: all that has text, files or calls. Each call
 * is followed by its result, or by the word that it has none. Of thoughts only those of this reply, its rounds too.
 */
export function historyOf(path: Turn[]): HistoryMessage[] {
  const question = path.findLastIndex(({ role }) => role === 'user');
  return path.flatMap((turn, at) => {
    const ofReply = at > question && (at === path.length - 1 || turn.toolCalls !== undefined);
    return messagesOf(turn, path, at, ofReply ? turn.thinking : undefined);
  });
}

/** What the model is told of a branch before a new question. */
export function pastOf(path: Turn[]): HistoryMessage[] {
  return path.flatMap((turn, at) => messagesOf(turn, path, at, undefined));
}

/** A message and the results of its calls; `at`: its place. */
function messagesOf(turn: Turn, path: Turn[], at: number, thinking: string | undefined) {
  const { role, content, attachments: files, toolCalls = [] } = turn;
  if (role === 'tool' || (content === '' && !thinking && !files && toolCalls.length === 0))
    return [];
  const calls = toolCalls.map(({ id, name, arguments: given }) => ({
    ...{ id, function: { name, arguments: given } },
  }));
  const message: HistoryMessage = {
    ...{ role, content },
    ...(thinking ? { thinking } : {}),
    ...(files ? { files } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return [message, ...calls.map((call) => resultFor(call, path, at))];
}

/** The results of a message follow it. */
function resultFor(
  { id, function: { name } }: HistoryCall,
  path: Turn[],
  at: number,
): HistoryMessage {
  const end = path.findIndex(({ role }, place) => place > at && role !== 'tool');
  const results = path.slice(at + 1, end === -1 ? undefined : end);
  const result = results.find(({ toolCallId }) => toolCallId === id);
  const content = result?.content || NO_RESULT;
  return { role: 'tool', content, tool_name: name, tool_call_id: id };
}
