/** The one chat of both engines for GGUF: messages to a prompt that fits, and the reply to text, thoughts and calls. */
import type {
  Capability,
  ChatMessage,
  ChatParams,
  CompleteParams,
  EngineChunk,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import { throwIfAborted } from '../abort';
import { answerLogprobs } from './answer-logprobs';
import type { ChatFile } from './chat-file';
import { contextExceeded } from './context-exceeded';
import { cutPrompt } from './cut-prompt';
import { fimPrompt } from './fim';
import { fitMessages, imageTokens } from './fit-messages';
import type { GgufModel, Prompt } from './gguf-model';
import { knowsSuffix, renderPrompt } from './render';
import { foreignContext, withContext } from './tell-context';
import { endsInThought, hasThought, thinkTags, withThinking } from './thinking';
import { toolReader } from './tools/reader';
import { withToolCalls } from './tools/tool-chunks';
import { dropThoughts } from './drop-thoughts';

/** What an engine can whose chats are these; whether its model can is the file's. */
export const CHAT_CAPABILITIES: readonly Capability[] = [
  ...(['completion', 'chat', 'tools', 'thinking', 'insert'] as const),
];

/**
 * @throws PaddockError `not_supported` by a model that has no template or a faulty one, or cannot fill gaps;
 * `bad_request` where the template refuses the messages; `context_exceeded` (promptTokens, contextLength)
 */
export async function* chat(
  model: GgufModel,
  params: ChatParams,
  signal: AbortSignal,
): AsyncGenerator<EngineChunk, void, void> {
  const { options, each, format, tools = [], think, tellContext } = params;
  const file = await model.file();
  const written = await write(model, file, params, signal);
  const prompt = fitted(model, file, written.prompt, params);
  const { tokens } = prompt;
  const fills = params.suffix !== undefined; // it neither thinks nor calls
  const tags = fills ? undefined : thinkTags(written.template);
  const begun = tags !== undefined && endsInThought(written.text, params.messages, tags);
  const thinks = tags && (begun || think !== false);
  const asked = {
    ...{ options, format, each: tellContext && model.tellsTokens ? 'ids' : each },
    ...(thinks && { thought: { open: tags.open, close: tags.close, begun } }),
  } as const;
  let chunks = model.reply(prompt, asked, signal);
  if (tellContext && tokens) chunks = withContext(chunks, { model, prompt: tokens, each });
  if (tags) {
    if (think === false && options.logprobs) chunks = answerLogprobs(chunks, tags, begun);
    chunks = withThinking(chunks, tags, begun, hasThought(params.messages, tags));
    // Models of templates that have no word for it think all the same.
    if (think === false) chunks = dropThoughts(chunks);
  }
  const reader = tools.length > 0 && !fills ? toolReader(written.template) : undefined;
  yield* reader ? withToolCalls(chunks, reader, tools) : chunks;
}

/** A prompt that is text or tokens already. @throws PaddockError as `chat` */
export async function* complete(
  model: GgufModel,
  { prompt, truncate, ...asked }: CompleteParams,
  signal: AbortSignal,
): AsyncGenerator<EngineChunk, void, void> {
  const { options } = asked;
  const read: Prompt =
    typeof prompt === 'string'
      ? await model.read(prompt)
      : { tokens: prompt, length: prompt.length };
  const file = truncate ? await model.file() : undefined;
  yield* model.reply(fitted(model, file, read, { truncate, options }), asked, signal);
}

interface Written {
  template: string;
  /** As the template wrote it. */
  text: string;
  prompt: Prompt;
}

async function write(
  model: GgufModel,
  file: ChatFile,
  params: ChatParams,
  signal: AbortSignal,
): Promise<Written> {
  const { messages, suffix, tools, think, context = [], truncate } = params;
  const template = [params.template, file.template].find((one) => one?.trim()) ?? '';
  const now = new Date();
  if (suffix !== undefined && !knowsSuffix(template)) {
    const text = fillIn(file, messages, suffix);
    return { template, text, prompt: await read(model, file, text, context) };
  }
  if (template === '') throw noChatTemplate();
  // BOS begins a text, and is not in its middle.
  const bos = context.length > 0 ? '' : file.bos;
  const written = async (kept: readonly ChatMessage[]) => {
    throwIfAborted(signal);
    const { eos } = file;
    const text = renderPrompt({ template, bos, eos, messages: kept, tools, think, suffix, now });
    const prompt = await read(model, file, text, context);
    return { template, text, prompt, length: prompt.length + imageTokens(kept) };
  };
  if (!truncate) return written(messages);
  // A token has to be left for the reply.
  return fitMessages(messages, model.contextLength - 1, written);
}

/** A rendered prompt behind the tokens of an earlier one. @throws PaddockError `bad_request`, `not_supported` */
async function read(
  model: GgufModel,
  { bos, addsBos, vocabulary }: ChatFile,
  text: string,
  context: readonly number[],
): Promise<Prompt> {
  // Many templates write BOS themselves; reading puts its own in front.
  const once = addsBos && bos !== '' && text.startsWith(bos) ? text.slice(bos.length) : text;
  if (context.length === 0) return model.read(once);
  if (context.some((token) => token >= vocabulary)) throw foreignContext();
  const behind = await model.encode(once);
  if (!behind) {
    const message = "This engine does not know the model's tokens: send messages, not a context.";
    throw new PaddockError('not_supported', message);
  }
  const tokens = [...context, ...behind];
  return { tokens, length: tokens.length };
}

/** What the model is shown of a gap: the last message before it, the suffix behind it. */
function fillIn({ fim }: ChatFile, messages: readonly ChatMessage[], suffix: string): string {
  if (fim) return fimPrompt(fim, messages.at(-1)?.content ?? '', suffix);
  throw new PaddockError('not_supported', 'This model was not taught to fill gaps.');
}

/** `prompt`, without its middle where it is longer than the context and may be cut. */
function fitted(
  { contextLength }: GgufModel,
  file: ChatFile | undefined,
  prompt: Prompt,
  { truncate, options }: Pick<ChatParams, 'truncate' | 'options'>,
): Prompt {
  const { tokens, length } = prompt;
  if (length < contextLength) return prompt;
  const shift = options.shift ?? true;
  if (!truncate || !shift || !tokens) throw contextExceeded(length, contextLength);
  const left = cutPrompt(tokens, options, contextLength, file?.bosToken);
  return { tokens: left, length: left.length };
}

function noChatTemplate(): PaddockError {
  return new PaddockError(
    'not_supported',
    'This model has no chat template, so it cannot chat. Send it a prompt to continue instead.',
  );
}
