/** A loaded model that writes. */
import type { ChatParams, CompleteParams, EngineChunk, EngineInfo } from '#core/engine';
import { PaddockError } from '#core/errors';
import { commonLength } from '../paddock/prefixes/common';
import type { LoadedModel } from '../../engine';
import type { ConversationTemplate } from './chat-config';
import { imageLength } from './decoder';
import { toResponseFormat } from './format';
import { generate, type Generating, type Reply } from './generate';
import { decodeImages } from './images';
import type { PromptPart } from './pipeline';
import { toPrompt } from './prompt';
import { renderChat, type Piece } from './render';

export interface TextModelParts extends Generating {
  info: EngineInfo;
  template: ConversationTemplate;
  close(): Promise<void>;
  /** Called around each call: while one is under way, the loss of the device is that call's to report. */
  enter(): () => void;
}

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
    const { messages, options, format, template } = params;
    if (template !== undefined) noteTemplate();
    const pieces = renderChat(this.#parts.template, messages);
    const last = messages.at(-1);
    const open = last?.role === 'assistant' ? last.content : '';
    const prompt = await this.#prompt(open ? pieces.slice(0, -1) : pieces);
    const begun = open ? this.#resume(prompt, open) : [];
    yield* this.#reply({ prompt, options, format, begins: open === '' }, open, begun, signal);
  }

  async *complete(
    { prompt, format, options }: CompleteParams,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const parts = prompt === '' ? [] : await this.#prompt([prompt]);
    yield* this.#reply({ prompt: parts, options, format, begins: false }, '', [], signal);
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  /** @param begun tokens of `open`, which the reply goes on from */
  async *#reply(
    {
      prompt,
      options,
      format,
      begins,
    }: Pick<Reply, 'prompt' | 'options' | 'begins'> & Pick<ChatParams, 'format'>,
    open: string,
    begun: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { pipeline, template, bytes } = this.#parts;
    const whole = appended(prompt, begun);
    const reply: Reply = {
      prompt: whole,
      length: whole.reduce(
        (sum, part) => sum + (Array.isArray(part) ? part.length : imageLength(pipeline, part.url)),
        0,
      ),
      ...{ options, begins },
      stops: [...(options.stop ?? []), ...template.stop_str],
      ...(format !== undefined && { format: toResponseFormat(format) }),
    };
    const ids: number[] = [];
    let text = '';
    const leave = this.#parts.enter();
    try {
      for await (const chunk of generate(this.#parts, reply, ids, signal)) {
        if (chunk.type === 'delta') text += chunk.content;
        yield chunk;
      }
    } finally {
      const [first] = prompt;
      const all = ids.flatMap((id, at) => [...bytes.bytes(id, begins && at === 0)]);
      // Not after a cut character or a stop string: there the tokens say more than the text.
      if (new TextDecoder().decode(Uint8Array.from(all)) === text && Array.isArray(first)) {
        this.#written = { prompt: first, text: open + text, ids: [...begun, ...ids] };
      }
      leave();
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
    if (images.length > 0 && !pipeline.image_embed) {
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

let noted = false;

function noteTemplate(): void {
  if (noted) return;
  noted = true;
  console.warn('MLC models have a template of their own form: the one that was given is left out.');
}
