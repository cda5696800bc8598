/** How an embedding model makes one vector of its tokens'. */
import { PaddockError } from '#core/errors';
import type { GgufHeader } from '#core/gguf';

/** llama.cpp's numbers in the file; 4 ranks, which gives one number for two texts. */
const POOLINGS = ['none', 'mean', 'cls', 'last'] as const;

/**
 * As the header says; where it says nothing, or that nobody pools, the mean, as most of BERT's kind are trained for.
 * @throws PaddockError `not_supported`
 */
export function poolingOf({ architecture, metadata }: GgufHeader): 'mean' | 'cls' | 'last' {
  const told = Number(metadata.get(`${architecture}.pooling_type`) ?? 0);
  const pooling = POOLINGS[told];
  if (pooling) return pooling === 'none' ? 'mean' : pooling;
  const what = told === 4 ? 'it ranks texts, and makes no embeddings' : `it pools in way ${told}`;
  throw new PaddockError('not_supported', `llama.cpp cannot run this model here: ${what}.`);
}
