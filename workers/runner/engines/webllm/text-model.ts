/** A loaded model that writes. */
import type {
  ChatMessage,
  ChatParams,
  CompleteParams,
  EngineChunk,
  EngineInfo,
  PromptCount,
  SamplingOptions,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import { answerLogprobs } from '../../chat/answer-logprobs';
import { cutPrompt } from '../../chat/cut-prompt';
import { dropThoughts } from '../../chat/drop-thoughts';
import { fitMessages } from '../../chat/fit-messages';
import { foreignContext, withContext } from '../../chat/tell-context';
import { withoutThoughts } from '../../chat/template/history';
import { endsInThought, hasThought, withThinking } from '../../chat/thinking';
import { HERMES } from '../../chat/tools/reader';
import { withToolCalls } from '../../chat/tools/tool-chunks';
import type { LoadedModel } from '../../engine';
import { throwIfAborted } from '../../abort';
import { commonLength } from '../paddock/prefixes/common';
import type { ConversationTemplate } from './conversation';
import { imageLength } from './decoder';
import { toFormat } from './format';
import { generate, type Generating, type Reply, type ReplyToken } from './generate';
import { decodeImages } from './images';
import type { PromptPart } from './pipeline';
import { toPrompt } from './prompt';
import { renderChat, type Piece } from './render';
import { TAGS, withEmptyThought, withOpenThought } from './thoughts';
import { toolFormat, withTools } from './tools';

export interface TextModelParts extends Generating {
  info: EngineInfo;
  template: ConversationTemplate;
  close(): Promise<void>;
  /**
   * Called before each call, and what it gives back behind it: one at a time, and the loss of the device is that call's
   * to report.
   */
  enter(): Promise<() => void>;
}

type Asked = Pick<Reply, 'prompt' | 'options' | 'format' | 'begins' | 'each'>;

/** What was written last, and how: to go on with it exactly. */
interface LastReply {
  prompt: readonly number[];
  text: string;
  ids: readonly number[];
}

/** What a chat begins from. */
interface Written {
  prompt: PromptPart[];
  /** Tokens of the reply that is gone on with, and its text. */
  begun: readonly number[];
  open: string;
  /** Tokens of all. */
  length: number;
  /** The same before a middle was cut. */
  counted: number;
  /** How many of the messages. */
  kept: number;
}

/** Replies tell their tokens. */
const OWN_IDS = { tellsTokens: true, encode: async () => undefined };

export class TextModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #parts: TextModelParts;
  #written: LastReply = { prompt: [], text: '', ids: [] };

  constructor(parts: TextModelParts) {
    this.#parts = parts;
    this.info = parts.info;
  }

  async *chat(params: ChatParams, signal: AbortSignal): AsyncGenerator<EngineChunk, void, void> {
    const { options, format, each, tools = [], think, tellContext } = params;
    const { messages, thinks } = this.#told(params);
    const leave = await this.#parts.enter();
    try {
      const { prompt, begun, open } = await this.#write(messages, { ...params, thinks }, signal);
      const grammar = tools.length > 0 ? toolFormat(tools) : undefined;
      const reads = { prompt, begins: open === '', format: toFormat(format) ?? grammar };
      const asked = { ...reads, options, each: tellContext ? 'ids' : each } as const;
      let chunks: AsyncIterable<EngineChunk> = this.#reply(asked, open, begun, signal);
      const [first] = appended(prompt, begun);
      if (tellContext && prompt.length === 1 && Array.isArray(first)) {
        chunks = withContext(chunks, { model: OWN_IDS, prompt: first, each });
      }
      if (thinks) {
        const inside = endsInThought(open, messages, TAGS);
        if (think === false && options.logprobs) chunks = answerLogprobs(chunks, TAGS, inside);
        chunks = withThinking(chunks, TAGS, inside, hasThought(messages, TAGS));
      }
      if (think === false) chunks = dropThoughts(chunks);
      yield* tools.length > 0 ? withToolCalls(chunks, HERMES, tools) : chunks;
    } finally {
      // web-llm does so itself behind a prompt, which a refusal does not reach: an image may be 16 MB.
      this.#parts.pipeline.imageDataCache.clear();
      leave();
    }
  }

  async count(params: ChatParams, signal: AbortSignal): Promise<PromptCount> {
    const { messages, thinks } = this.#told(params);
    const leave = await this.#parts.enter();
    try {
      const { kept, counted } = await this.#write(messages, { ...params, thinks }, signal);
      const cut = counted >= this.#parts.contextLength;
      return { promptTokens: counted, dropped: messages.length - kept, cut };
    } finally {
      this.#parts.pipeline.imageDataCache.clear();
      leave();
    }
  }

  /** What is written of the messages, and whether the reply may think. @throws PaddockError `not_supported` */
  #told({ messages, tools = [], template, suffix }: ChatParams) {
    if (template !== undefined) noteTemplate();
    const knows = this.info.capabilities.includes('tools');
    if (tools.length > 0 && !knows) {
      throw new PaddockError('not_supported', 'This model knows no tools.');
    }
    if (suffix !== undefined) {
      throw new PaddockError('not_supported', 'MLC models are not taught to fill gaps.');
    }
    const thinks = this.info.capabilities.includes('thinking');
    const told = knows ? withTools(messages, tools) : messages;
    return { messages: thinks ? withOpenThought(withoutThoughts(told, TAGS)) : told, thinks };
  }

  async *complete(
    { prompt, format, options, each, truncate }: CompleteParams,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const leave = await this.#parts.enter();
    try {
      const parts = typeof prompt === 'string' ? await this.#read(prompt) : [[...prompt]];
      const read = truncate ? this.#cut(parts, options) : parts;
      const asked = { prompt: read, options, each, begins: false, format: toFormat(format) };
      yield* this.#reply(asked, '', [], signal);
    } finally {
      leave();
    }
  }

  async tokenize(text: string): Promise<number[]> {
    return (await this.#prompt([text])).flatMap((part) => (Array.isArray(part) ? part : []));
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  async #read(text: string): Promise<PromptPart[]> {
    return text === '' ? [] : this.#prompt([text]);
  }

  /** A chat's prompt, without the oldest messages where it is too long and they may go. */
  async #write(
    messages: readonly ChatMessage[],
    { think, thinks, truncate, context = [], options }: ChatParams & { thinks: boolean },
    signal: AbortSignal,
  ): Promise<Written> {
    const { template, contextLength, pipeline } = this.#parts;
    if (context.some((token) => pipeline.tokenizer.idToToken(token) === '')) {
      throw foreignContext();
    }
    const prompt = await this.#prompter(messages);
    const write = async (kept: readonly ChatMessage[]): Promise<Written> => {
      throwIfAborted(signal);
      const last = kept.at(-1);
      const open = last?.role === 'assistant' ? last.content : '';
      const pieces = renderChat(template, kept);
      const before = open ? pieces.slice(0, -1) : pieces;
      const silent = thinks && think === false && !open;
      const parts = prompt(silent ? withEmptyThought(before) : before, context);
      const begun = open ? this.#resume(parts, open) : [];
      const length = this.#lengthOf(parts) + begun.length;
      return { prompt: parts, begun, open, length, counted: length, kept: kept.length };
    };
    if (!truncate) return write(messages);
    const fitted = await fitMessages(messages, contextLength - 1, write);
    if (fitted.length < contextLength) return fitted;
    const whole = this.#cut(appended(fitted.prompt, fitted.begun), options);
    return { ...fitted, prompt: whole, begun: [] };
  }

  /** Without its middle where it is too long, has no images and may be cut. */
  #cut(parts: PromptPart[], options: SamplingOptions): PromptPart[] {
    const { contextLength, template } = this.#parts;
    const [only] = parts;
    const fits = this.#lengthOf(parts) < contextLength;
    if (fits || options.shift === false || parts.length > 1 || !Array.isArray(only)) return parts;
    return [cutPrompt(only, options, contextLength, template.system_prefix_token_ids?.[0])];
  }

  #lengthOf(parts: readonly PromptPart[]): number {
    const { pipeline } = this.#parts;
    return parts.reduce(
      (sum, part) => sum + (Array.isArray(part) ? part.length : imageLength(pipeline, part.url)),
      0,
    );
  }

  /** @param begun tokens of `open`, which the reply goes on from */
  async *#reply(
    { prompt, options, format, begins, each }: Asked,
    open: string,
    begun: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { template } = this.#parts;
    const whole = appended(prompt, begun);
    const reply: Reply = {
      prompt: whole,
      length: this.#lengthOf(whole),
      ...{ options, format, begins, each },
      stops: [...(options.stop ?? []), ...template.stop_str],
    };
    const tokens: ReplyToken[] = [];
    let text = '';
    try {
      for await (const chunk of generate(this.#parts, reply, tokens, signal)) {
        if (chunk.type === 'delta') text += chunk.content;
        yield chunk;
      }
    } finally {
      const [first] = prompt;
      const written = Array.isArray(first) ? tokensOf(text, tokens) : undefined;
      if (Array.isArray(first) && written) {
        this.#written = { prompt: first, text: open + text, ids: [...begun, ...written] };
      }
    }
  }

  /** The tokens of a reply that was begun: those that were written, where it is the last one. */
  #resume(prompt: readonly PromptPart[], open: string): readonly number[] {
    const [first] = prompt;
    const { prompt: before, text, ids } = this.#written;
    const same =
      prompt.length === 1 &&
      Array.isArray(first) &&
      first.length === before.length &&
      commonLength(first, before) === before.length;
    if (same && text === open) return ids;
    return [...this.#parts.pipeline.tokenizer.encode(open)];
  }

  async #prompt(pieces: readonly Piece[]): Promise<PromptPart[]> {
    return (await this.#prompter([]))(pieces, []);
  }

  /** Makes prompts of pieces of these messages, each tokenised once; `context` stands before them. */
  async #prompter(
    messages: readonly ChatMessage[],
  ): Promise<(pieces: readonly Piece[], context: readonly number[]) => PromptPart[]> {
    const { pipeline, template } = this.#parts;
    const images = messages.flatMap((message) => message.images ?? []);
    if (images.length > 0 && !this.info.capabilities.includes('vision')) {
      throw new PaddockError('not_supported', 'This model cannot see images.');
    }
    const keys = await decodeImages(pipeline, images);
    const known = new Map<string, Int32Array>();
    const encode = (text: string) => {
      const tokens = known.get(text) ?? pipeline.tokenizer.encode(text);
      known.set(text, tokens);
      return tokens;
    };
    return (pieces, context) => {
      // What begins a text is not in its middle.
      const begin = context.length > 0 ? [] : (template.system_prefix_token_ids ?? []);
      const parts = toPrompt({ encode }, begin, pieces, (image) => ({ url: keys.get(image)! }));
      const [first = []] = parts;
      if (context.length === 0) return parts;
      if (!Array.isArray(first)) return [[...context], ...parts];
      return [[...context, ...first], ...parts.slice(1)];
    };
  }
}

function appended(prompt: readonly PromptPart[], tokens: readonly number[]): PromptPart[] {
  if (tokens.length === 0) return [...prompt];
  const last = prompt.at(-1);
  if (!Array.isArray(last)) return [...prompt, [...tokens]];
  return [...prompt.slice(0, -1), [...last, ...tokens]];
}

/** Those of `tokens` that are `text`; undefined where a stop string came between. */
function tokensOf(text: string, tokens: readonly ReplyToken[]): readonly number[] | undefined {
  // A character that was not complete was not given out, and has at most three tokens.
  for (let count = tokens.length; count >= Math.max(tokens.length - 3, 0); count--) {
    const used = tokens.slice(0, count);
    const bytes = Uint8Array.from(used.flatMap((token) => [...token.bytes]));
    if (new TextDecoder().decode(bytes) === text) return used.map(({ id }) => id);
  }
  return undefined;
}

let noted = false;

function noteTemplate(): void {
  if (noted) return;
  noted = true;
  console.warn('MLC models have a template of their own form: the one that was given is left out.');
}
