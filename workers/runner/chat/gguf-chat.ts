/** The one chat of both engines for GGUF: messages to a prompt that fits, and the reply to text, thoughts and calls. */
import type {
  Capability,
  ChatMessage,
  ChatParams,
  CompleteParams,
  EngineChunk,
  PromptCount,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import { throwIfAborted } from '../abort';
import { answerLogprobs } from './answer-logprobs';
import type { ChatFile } from './chat-file';
import { contextExceeded } from './context-exceeded';
import { cutPrompt } from './cut-prompt';
import { fimPrompt } from './fim';
import { fitMessages, IMAGE_TOKENS, imageTokens } from './fit-messages';
import type { GgufModel, Image, Prompt } from './gguf-model';
import { knowsSuffix, renderPrompt } from './render';
import { cannotSee, checkMarks, imagesOf, sizeOfImages, withMarks } from './show-images';
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
 * @throws PaddockError `not_supported` by a model that has no template or a faulty one, or cannot fill gaps or see;
 * `bad_request` where the template refuses the messages; `context_exceeded` (promptTokens, contextLength)
 */
export function chat(
  model: GgufModel,
  params: ChatParams,
  signal: AbortSignal,
): AsyncGenerator<EngineChunk, void, void> {
  return chatCounting(model, params, signal, IMAGE_TOKENS);
}

/** @param imageSize tokens that an image is counted as where messages have to go */
async function* chatCounting(
  model: GgufModel,
  params: ChatParams,
  signal: AbortSignal,
  imageSize: number,
): AsyncGenerator<EngineChunk, void, void> {
  const { options, each, format, tools = [], think, tellContext } = params;
  const file = await model.file();
  const written = await write(model, file, params, signal, imageSize);
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
  try {
    yield* reader ? withToolCalls(chunks, reader, tools) : chunks;
  } catch (error) {
    // Only the refusal tells what the images take: then more of what is older goes.
    const found = params.truncate ? sizeOfImages(error, prompt) : 0;
    if (found <= imageSize) throw error;
    yield* chatCounting(model, params, signal, found);
  }
}

/** What `chat` would read; an image counts as Ollama counts it. @throws PaddockError as `chat` */
export async function countChat(
  model: GgufModel,
  params: ChatParams,
  signal: AbortSignal,
): Promise<PromptCount> {
  const file = await model.file();
  const { kept, length } = await write(model, file, params, signal, IMAGE_TOKENS);
  const dropped = params.messages.length - kept;
  return { promptTokens: length, dropped, cut: length >= model.contextLength };
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
  /** How many of the messages. */
  kept: number;
  template: string;
  /** As the template wrote it. */
  text: string;
  prompt: Prompt;
  /** Tokens, those of images too. */
  length: number;
}

async function write(
  model: GgufModel,
  file: ChatFile,
  params: ChatParams,
  signal: AbortSignal,
  imageSize: number,
): Promise<Written> {
  const { messages, suffix, tools, think, context = [], truncate } = params;
  const template = [params.template, file.template].find((one) => one?.trim()) ?? '';
  const now = new Date();
  const { imageMark } = model;
  const fills = suffix !== undefined && !knowsSuffix(template);
  if (imagesOf(messages).length > 0 && (imageMark === undefined || fills)) throw cannotSee();
  if (fills) {
    const text = fillIn(file, messages, suffix);
    const prompt = await read(model, file, text, context);
    return { template, text, prompt, kept: messages.length, length: prompt.length };
  }
  if (template === '') throw noChatTemplate();
  // BOS begins a text, and is not in its middle.
  const bos = context.length > 0 ? '' : file.bos;
  const written = async (kept: readonly ChatMessage[]) => {
    throwIfAborted(signal);
    const { eos } = file;
    const shown = imageMark === undefined ? kept : withMarks(kept, imageMark);
    const text = renderPrompt({ template, bos, eos, messages: shown, tools, think, suffix, now });
    const images = imagesOf(kept);
    const prompt =
      imageMark !== undefined && images.length > 0
        ? await readSeen(model, file, { text, mark: imageMark, images, context })
        : await read(model, file, text, context);
    const length = prompt.length + imageTokens(kept, imageSize);
    return { template, text, prompt, kept: kept.length, length };
  };
  if (!truncate) return written(messages);
  // A token has to be left for the reply.
  return fitMessages(messages, model.contextLength - 1, written);
}

/** A rendered prompt behind the tokens of an earlier one. @throws PaddockError `bad_request`, `not_supported` */
async function read(
  model: GgufModel,
  file: ChatFile,
  text: string,
  context: readonly number[],
): Promise<Prompt> {
  const once = withoutBos(file, text);
  if (context.length === 0) return model.read(once);
  if (context.some((token) => token >= file.vocabulary)) throw foreignContext();
  const behind = await model.encode(once);
  if (!behind) {
    const message = "This engine does not know the model's tokens: send messages, not a context.";
    throw new PaddockError('not_supported', message);
  }
  const tokens = [...context, ...behind];
  return { tokens, length: tokens.length };
}

/** Many templates write BOS themselves; reading puts its own in front. */
function withoutBos({ bos, addsBos }: ChatFile, text: string): string {
  return addsBos && bos !== '' && text.startsWith(bos) ? text.slice(bos.length) : text;
}

interface Seen {
  text: string;
  mark: string;
  images: Image[];
  context: readonly number[];
}

/** As text alone, which is not cut: of tokens the engine takes no images. @throws PaddockError as `read` */
async function readSeen(
  model: GgufModel,
  file: ChatFile,
  { text, mark, images, context }: Seen,
): Promise<Prompt> {
  checkMarks(text, mark, images);
  if (context.length > 0) {
    const message = 'A context cannot go before images here: send messages, not a context.';
    throw new PaddockError('not_supported', message);
  }
  const { length } = await read(model, file, text.replaceAll(mark, ''), []);
  return { text: withoutBos(file, text), length, images };
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
