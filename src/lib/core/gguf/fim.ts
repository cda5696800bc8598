/** The tokens around a gap's two sides, as GGUF files of models that fill gaps name them. */
import type { Metadata } from '#core/gguf/metadata';

/** Ids. */
export interface FimTokens {
  prefix: number;
  suffix: number;
  middle: number;
}

/** GGUF's keys, and those of files before them. */
const KEYS: Record<keyof FimTokens, [newer: string, older: string]> = {
  prefix: ['fim_pre', 'prefix'],
  suffix: ['fim_suf', 'suffix'],
  middle: ['fim_mid', 'middle'],
};

/** Undefined unless the file names all three. */
export function fimTokens(metadata: Metadata): FimTokens | undefined {
  const idOf = (name: keyof FimTokens) =>
    KEYS[name].map((key) => metadata.get(`tokenizer.ggml.${key}_token_id`)).find(isToken);
  const [prefix, suffix, middle] = [idOf('prefix'), idOf('suffix'), idOf('middle')];
  if (prefix === undefined || suffix === undefined || middle === undefined) return undefined;
  return { prefix, suffix, middle };
}

/** Files write 4294967295 for a token that they lack. */
function isToken(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && value !== 0xffffffff;
}
