/** The bytes that a token stands for, by the rules of the model's own tokenizer. */
import { isObject } from '#core/is-object';
import { bytesOfLetters } from '../paddock/tokenizer/byte-letters';
import type { PipelineTokenizer } from './pipeline';

/** A token of its own for each byte that no other token has. */
const BYTE_TOKEN = /^<0x([0-9A-Fa-f]{2})>$/;

export class TokenBytes {
  readonly #tokenizer: PipelineTokenizer;
  readonly #letters: boolean;
  /** Whether the space that the first token of a text begins with is not written. */
  readonly #strips: boolean;

  /** @param rules `tokenizer.json`; undefined for a model with SentencePiece's file */
  constructor(tokenizer: PipelineTokenizer, rules: Record<string, unknown> | undefined) {
    this.#tokenizer = tokenizer;
    const steps = rules ? decoderSteps(rules.decoder) : undefined;
    const has = (type: string) => steps?.some((step) => step.type === type) ?? false;
    this.#letters = has('ByteLevel');
    this.#strips = !steps || has('Strip') || steps.some(stripsPrefix);
  }

  /** As the vocabulary writes it. */
  name(token: number): string {
    return this.#tokenizer.idToToken(token);
  }

  /** @param first whether a text begins with it */
  bytes(token: number, first = false): Uint8Array {
    const name = this.name(token);
    if (this.#letters) return bytesOfLetters(name);
    const byte = BYTE_TOKEN.exec(name);
    if (byte) return Uint8Array.of(parseInt(byte[1]!, 16));
    const text = name.replaceAll('▁', ' ');
    const cut = first && this.#strips && text.startsWith(' ') ? text.slice(1) : text;
    return new TextEncoder().encode(cut);
  }
}

function decoderSteps(decoder: unknown): Record<string, unknown>[] {
  if (!isObject(decoder)) return [];
  if (decoder.type !== 'Sequence') return [decoder];
  return Array.isArray(decoder.decoders) ? decoder.decoders.filter(isObject) : [];
}

function stripsPrefix(step: Record<string, unknown>): boolean {
  if (step.type !== 'Metaspace') return false;
  return step.prepend_scheme !== 'never' && step.add_prefix_space !== false;
}
