/** A chat's answer as OpenAI has it: whole, or in chunks. */
import { chatLogprobs } from './logprobs';
import { headOf, newId, usageOf, type NativeChat } from './native';
import { writeToolCalls } from './tool-calls';
import type { Dialect } from './via-native';

/** `usage`: a last chunk tells the counts. */
export function chatDialect(usage: boolean): Dialect<NativeChat> {
  const id = newId('chatcmpl');
  /** Of the first line, and so one `created` for all. */
  let head: ReturnType<typeof headOf> | undefined;
  let called = false;
  return {
    whole(native) {
      const { message, logprobs } = native;
      const finish_reason = finishOf(native, message.tool_calls !== undefined);
      return {
        ...headOf(native, id, 'chat.completion'),
        choices: [
          {
            index: 0,
            message: { role: message.role, ...said(message) },
            finish_reason,
            ...chatLogprobs(logprobs),
          },
        ],
        usage: usageOf(native),
      };
    },
    chunks(native) {
      const first = head === undefined;
      const shared = (head ??= headOf(native, id, 'chat.completion.chunk'));
      const chunks: object[] = deltasOf(native, first).map(([delta, logprobs]) => ({
        ...shared,
        choices: [{ index: 0, delta, finish_reason: null, ...chatLogprobs(logprobs) }],
      }));
      called ||= native.message.tool_calls !== undefined;
      if (!native.done) return chunks;
      const finish = { index: 0, delta: {}, finish_reason: finishOf(native, called) };
      chunks.push({ ...shared, choices: [finish] });
      if (usage) chunks.push({ ...shared, choices: [], usage: usageOf(native) });
      return chunks;
    },
  };
}

type Message = Omit<NativeChat['message'], 'role'>;
type Delta = [delta: object, logprobs?: NativeChat['logprobs']];

/**
 * What a line says: nothing where it ends the reply, unless it is the `first` one, which tells the role. Thoughts
 * stand in a chunk of their own, before the answer that came with them.
 */
function deltasOf({ message, logprobs, done }: NativeChat, first: boolean): Delta[] {
  if (done && !first) return [];
  const { content, thinking, tool_calls: calls } = message;
  const role = first && { role: 'assistant' };
  const answers = content !== '' || calls !== undefined;
  if (!thinking || !answers) return [[{ ...role, ...said(message) }, logprobs]];
  return [
    [{ ...role, ...said({ content: '', thinking }) }],
    [said({ content, tool_calls: calls }), logprobs],
  ];
}

function said({ content, thinking, tool_calls }: Message) {
  const calls = writeToolCalls(tool_calls);
  return {
    content,
    ...(thinking && { reasoning: thinking }),
    ...(calls && { tool_calls: calls }),
  };
}

/** Why it ended; a reply that was cut off was, whatever it called. */
function finishOf({ done_reason: reason = 'stop' }: NativeChat, called: boolean): string {
  return reason === 'stop' && called ? 'tool_calls' : reason;
}
