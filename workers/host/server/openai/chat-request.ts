import { badRequest, flag, type Body } from '../body';
import { logIgnored } from './ignored';
import { nativeMessages } from './messages';
import { readNumbers, readStop } from './options';
import { readThinking } from './reasoning';
import { readResponseFormat } from './response-format';

/**
 * The body of `/api/chat` that asks the same. What the native route reads itself goes as it is.
 * @throws PaddockError `bad_request`
 */
export function nativeChat(body: Body) {
  const { model, messages, tools, logprobs, top_logprobs } = body;
  if (!messages || (Array.isArray(messages) && messages.length === 0)) {
    throw badRequest("[] is too short - 'messages'");
  }
  if (!Array.isArray(messages)) throw badRequest('"messages" must be an array');
  logIgnored(body, ['tool_choice', 'n', 'user', 'logit_bias']);
  return {
    ...{ model, tools, logprobs, top_logprobs },
    messages: nativeMessages(messages),
    format: readResponseFormat(body),
    think: readThinking(body),
    // OpenAI's own, and not Ollama's: whoever leaves them out expects these.
    options: { temperature: 1, top_p: 1, ...readNumbers(body), ...readStop(body) },
    stream: flag(body, 'stream', false),
  };
}
