/** A loaded model that writes. */
import type { ChatParams, CompleteParams, EngineChunk, EngineInfo } from '#core/engine';
import { PaddockError } from '#core/errors';
import { commonLength } from '../paddock/prefixes/common';
import type { LoadedModel } from '../../engine';
import type { ConversationTemplate } from './conversation';
import { imageLength } from './decoder';
import { toFormat } from './format';
import { generate, type Generating, type Reply, type ReplyToken } from './generate';
import { decodeImages } from './images';
import type { PromptPart } from './pipeline';
import { toPrompt } from './prompt';
import { renderChat, type Piece } from './render';
import { withToolCalls } from './tool-chunks';
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
interface Written {
  prompt: readonly number[];
  text: string;
  ids: readonly number[];
}

export class TextModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #parts: TextModelParts;
  #written: Written = { prompt: [], text: '', ids: [] };

  constructor(parts: TextModelParts) {
    this.#parts = parts;
    this.info = parts.info;
  }

  async *chat(params: ChatParams, signal: AbortSignal): AsyncGenerator<EngineChunk, void, void> {
    const { options, format, each, tools = [], template: given } = params;
    const { template } = this.#parts;
    if (given !== undefined) noteTemplate();
    const knows = this.info.capabilities.includes('tools');
    if (tools.length > 0 && !knows) {
      throw new PaddockError('not_supported', 'This model knows no tools.');
    }
    const leave = await this.#parts.enter();
    try {
      const messages = knows ? withTools(params.messages, tools) : params.messages;
      const pieces = renderChat(template, messages);
      const last = messages.at(-1);
      const open = last?.role === 'assistant' ? last.content : '';
      const prompt = await this.#prompt(open ? pieces.slice(0, -1) : pieces);
      const begun = open ? this.#resume(prompt, open) : [];
      const grammar = tools.length > 0 ? toolFormat(tools) : undefined;
      const reads = { prompt, begins: open === '', format: toFormat(format) ?? grammar };
      const asked = { ...reads, options, each };
      const chunks = this.#reply(asked, open, begun, signal);
      yield* tools.length > 0 ? withToolCalls(chunks) : chunks;
    } finally {
      // web-llm does so itself behind a prompt, which a refusal does not reach: an image may be 16 MB.
      this.#parts.pipeline.imageDataCache.clear();
      leave();
    }
  }

  async *complete(
    { prompt, format, options, each }: CompleteParams,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const leave = await this.#parts.enter();
    try {
      const parts = typeof prompt === 'string' ? await this.#read(prompt) : [[...prompt]];
      const asked = { prompt: parts, options, each, begins: false, format: toFormat(format) };
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

  /** @param begun tokens of `open`, which the reply goes on from */
  async *#reply(
    { prompt, options, format, begins, each }: Asked,
    open: string,
    begun: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { pipeline, template } = this.#parts;
    const whole = appended(prompt, begun);
    const reply: Reply = {
      prompt: whole,
      length: whole.reduce(
        (sum, part) => sum + (Array.isArray(part) ? part.length : imageLength(pipeline, part.url)),
        0,
      ),
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
    const { pipeline, template } = this.#parts;
    const images = pieces.filter((piece) => typeof piece !== 'string');
    if (images.length > 0 && !this.info.capabilities.includes('vision')) {
      throw new PaddockError('not_supported', 'This model cannot see images.');
    }
    const keys = await decodeImages(pipeline, images);
    const begin = template.system_prefix_token_ids ?? [];
    return toPrompt(pipeline.tokenizer, begin, pieces, (image) => ({ url: keys.get(image)! }));
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
