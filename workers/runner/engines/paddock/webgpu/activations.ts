/** The buffers that a run works in, by the names that the kernels' bindings have for them. */
import { partialsBytes, splitsOf, type AttentionShape } from '../kernels/webgpu/attention/shape';
import { STATE_BYTES } from '../kernels/webgpu/kernel';
import type { ModelSpec } from '../spec/model-spec';

export type ActivationName =
  | 'state' // 16 bytes: where a run stands
  | 'history' // u32 [context + 64]: token ids by position
  | 'stream' // f32 [chunk][hidden]
  | 'normed' // f32 [chunk][hidden]
  | 'qkv' // f32 [chunk][(heads + 2 · keyValueHeads) · headSize]
  | 'attended' // f32 [chunk][heads · headSize]
  | 'gated' // f32 [chunk][feedForward]
  | 'partials' // of attention's splits of one token: f32 [splits][heads][headSize + 4]
  | 'logits' // f32 [vocabulary]
  | 'best' // (bits of the value, row) of each workgroup of the logits, of which none has less than one row
  | 'rope'; // f32 [context][headSize / 2][cos, sin]

/** Tokens that may be under way when the context is full. */
const AHEAD = 64;

/** Bytes of each. */
export function activationBytes(
  { hidden, feedForward, heads, keyValueHeads, headSize, vocabulary }: ModelSpec,
  attention: AttentionShape,
  chunk: number,
): Record<ActivationName, number> {
  const { context } = attention;
  return {
    state: STATE_BYTES,
    history: 4 * (context + AHEAD),
    stream: 4 * chunk * hidden,
    normed: 4 * chunk * hidden,
    qkv: 4 * chunk * (heads + 2 * keyValueHeads) * headSize,
    attended: 4 * chunk * heads * headSize,
    gated: 4 * chunk * feedForward,
    partials: partialsBytes(attention, splitsOf(attention, context - 1)),
    logits: 4 * vocabulary,
    best: 8 * vocabulary,
    rope: 4 * context * headSize,
  };
}
