/** Filling a gap: the text before it and the text behind it, between the tokens that a model was taught for that. */
import { fimTokens } from '#core/gguf/fim';
import type { Metadata } from '#core/gguf/metadata';
import type { Names } from './chat-file';

/** The texts of the tokens. */
export interface FimNames {
  prefix: string;
  suffix: string;
  middle: string;
}

/** Undefined where the file names none, or one that its vocabulary lacks. */
export function fimNames(
  metadata: Metadata,
  { size, name }: Pick<Names, 'size' | 'name'>,
): FimNames | undefined {
  const tokens = fimTokens(metadata);
  if (!tokens || Object.values(tokens).some((token) => token >= size)) return undefined;
  const { prefix, suffix, middle } = tokens;
  return { prefix: name(prefix), suffix: name(suffix), middle: name(middle) };
}

/** The prompt whose reply stands between the two. */
export function fimPrompt(names: FimNames, before: string, behind: string): string {
  return names.prefix + before + names.suffix + behind + names.middle;
}
