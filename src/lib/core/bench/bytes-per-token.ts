/** Bytes of weights that the pass of one token reads: what memory's bandwidth is divided by to get the ceiling. */
import type { GgufHeader } from '#core/gguf';
import type { GgufTensor } from '#core/gguf/tensors';
import { isObject } from '#core/is-object';
import type { MlcChatConfig } from '#core/mlc/chat-config';
import { positive } from '#core/mlc/read-json';

/** Of these a token takes a row: next to nothing. Names are llama.cpp's (llama-arch.cpp). */
const ROWS = /^(token_embd|position_embd|token_types|per_layer_token_embd)\.weight$/;
/** Of an image's part, in a file that holds both. */
const VISION = /^(v|mm|a)\./;
/** Of all experts of a layer; `_shexp` are the shared ones, which every token takes. */
const EXPERTS = /_exps\./;

/**
 * Of a GGUF file's tensors, of several files joined: all of them, without the embedding where the output has a matrix
 * of its own, and of experts only as many as a token takes.
 */
export function ggufBytesPerToken(header: Pick<GgufHeader, 'tensors' | 'count'>): number {
  const own = header.tensors.some(({ name }) => name === 'output.weight');
  const share = expertShare(header.count('expert_used_count'), header.count('expert_count'));
  const bytes = header.tensors.reduce((sum, tensor) => sum + ggufBytes(tensor, own, share), 0);
  return Math.round(bytes);
}

function ggufBytes({ name, size, dims }: GgufTensor, ownOutput: boolean, share: number): number {
  if (VISION.test(name)) return 0;
  const tied = name === 'token_embd.weight' && !ownOutput;
  if (ROWS.test(name) && !tied) return size / (dims[1] ?? 1);
  return EXPERTS.test(name) ? size * share : size;
}

function expertShare(used: number | null, of: number | null): number {
  return used !== null && of !== null && used <= of ? used / of : 1;
}

/** MLC's names of the same: parameters are named by the modules of the model's own source. */
const MLC_EMBEDDING = /(^|\.)(embed_tokens|tok_embeddings|wte|embd|embed_in|embeddings)\./;
const MLC_OUTPUT = /(^|\.)(lm_head|output|embed_out|head)\./;
const MLC_VISION = /(^|\.)(vision_tower|vision_model|vision_embed_tokens|multi_modal_projector)\./;
const MLC_EXPERTS = /\.(moe|block_sparse_moe)\.(e1_e3|e2|moe_)|\.moe_(gate_up|down)_proj\./;

/**
 * Of an MLC model's list of tensors (`tensor-cache.json`), by the same rules.
 * @param figures the configuration's, for experts
 * @returns null where the list does not name its tensors
 */
export function mlcBytesPerToken(
  list: string,
  figures: MlcChatConfig['figures'] = {},
): number | null {
  const tensors = mlcTensors(list);
  if (tensors.length === 0) return null;
  const own = tensors.some(({ name }) => MLC_OUTPUT.test(name));
  const share = expertShare(
    figures.num_experts_per_tok ?? null,
    figures.num_local_experts ?? figures.num_experts ?? null,
  );
  const bytes = tensors.reduce((sum, { name, size, rows }) => {
    if (MLC_VISION.test(name)) return sum;
    if (MLC_EMBEDDING.test(name) && own) return sum + size / rows;
    return sum + (MLC_EXPERTS.test(name) ? size * share : size);
  }, 0);
  return Math.round(bytes);
}

interface MlcTensor {
  name: string;
  /** Bytes. */
  size: number;
  /** Of its first dimension. */
  rows: number;
}

/** The list was checked when it was installed (`mlc/tensor-list.ts`); here what cannot be read does not count. */
function mlcTensors(list: string): MlcTensor[] {
  let value: unknown;
  try {
    value = JSON.parse(list);
  } catch {
    return []; // the caller hears "not known"
  }
  const shards: unknown = isObject(value) ? value.records : null;
  if (!Array.isArray(shards)) return [];
  return shards.flatMap((shard: unknown): MlcTensor[] => {
    const parts: unknown = isObject(shard) ? shard.records : null;
    return Array.isArray(parts) ? parts.flatMap(mlcTensor) : [];
  });
}

function mlcTensor(part: unknown): MlcTensor[] {
  if (!isObject(part) || typeof part.name !== 'string') return [];
  const size = positive(part.nbytes);
  const rows = Array.isArray(part.shape) ? positive(part.shape[0]) : null;
  return size === null ? [] : [{ name: part.name, size, rows: rows ?? 1 }];
}
