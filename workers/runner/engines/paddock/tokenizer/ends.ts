import type { TokenTable } from './token-table';

/**
 * Names of tokens that end a reply whatever the file's keys say; llama.cpp reads the same names so, because many
 * files name the end of the text as `eos` and not the end of a turn, and a reply would run on into the next turn.
 */
const NAMES = [
  '<|endoftext|>', // GPT-2 and after: the end of a document
  '<|end_of_text|>', // Llama 3, base
  '<|eot_id|>', // Llama 3, end of a turn
  '<|eom_id|>', // Llama 3, end of a message to a tool
  '<|im_end|>', // ChatML
  '<|end|>', // Phi 3
  '<end_of_turn>', // Gemma
  '<eos>',
  '</s>', // SentencePiece
  '<|return|>',
  '<|call|>',
  '<end_of_utterance>',
  '<EOT>', // fill-in-the-middle models
  '_<EOT>',
  '[EOT]',
  '[EOS]',
  // What comes between files in the training of code models: behind it stands something else.
  '<|fim_pad|>',
  '<fim-pad>',
  '<fim_pad>',
  '<|fim_repo|>',
  '<|repo_name|>',
  '<fim-repo>',
  '<REPO>',
  '<reponame>',
  '<|file_sep|>',
];

/** @param named ids that the file's keys give */
export function endsOf(
  tokens: TokenTable,
  named: readonly (number | undefined)[],
): ReadonlySet<number> {
  const all = [...NAMES.map((name) => tokens.id(name)), ...named];
  return new Set(all.filter((id) => id !== undefined));
}
