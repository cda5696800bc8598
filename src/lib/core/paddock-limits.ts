/** What Paddock's own engine knows: it refuses the rest, and every list of models says so beforehand. */

export const PADDOCK_ARCHITECTURES = ['llama', 'qwen2', 'qwen3'] as const;

/** Types of a matrix; vectors are F32. */
export type PaddockMatrixType = (typeof PADDOCK_MATRIX_TYPES)[number];
export const PADDOCK_MATRIX_TYPES = [
  'F32',
  'F16',
  'BF16',
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q8_0',
  'Q4_K',
  'Q5_K',
  'Q6_K',
] as const;

/** `tokenizer.ggml.model`. */
export type PaddockTokenizer = (typeof PADDOCK_TOKENIZERS)[number];
export const PADDOCK_TOKENIZERS = ['gpt2', 'llama'] as const;

/** `tokenizer.ggml.pre` of byte-level BPE ("gpt2"): how a text is cut into words. Files without the key are as old as ''. */
export type PaddockSplitting = (typeof PADDOCK_SPLITTINGS)[number];
export const PADDOCK_SPLITTINGS = [
  '',
  'codeshell',
  'command-r',
  'dbrx',
  'deepseek-coder',
  'deepseek-r1-qwen',
  'default',
  'falcon',
  'falcon3',
  'gigachat',
  'gpt-2',
  'jais',
  'llama-bpe',
  'llama-v3',
  'llama3',
  'megrez',
  'minerva-7b',
  'mpt',
  'olmo',
  'phi-2',
  'qwen2',
  'refact',
  'smaug-bpe',
  'smollm',
  'stablelm2',
  'starcoder',
  'tekken',
] as const;

/** Keys that change the forward pass in ways its graph does not have, with the value that changes nothing. */
export const PADDOCK_NEUTRAL: [key: string, neutral: number][] = [
  ['expert_count', 0],
  ['logit_scale', 1],
  ['residual_scale', 1],
  ['embedding_scale', 1],
  ['attention.scale', 0],
  ['attention.clamp_kqv', 0],
  ['attention.max_alibi_bias', 0],
  ['rope.scaling.attn_factor', 1],
];
