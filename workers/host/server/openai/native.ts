/** What the native routes answer, as far as OpenAI's paths read it. */

export interface NativeLogprob {
  token: string;
  logprob: number;
  bytes?: number[];
  top_logprobs?: NativeLogprob[];
}

export interface NativeToolCall {
  id: string;
  function: { index: number; name: string; arguments: Record<string, unknown> };
}

/** A line of a stream, or a whole answer, which is `done`. */
interface Native {
  model: string;
  /** RFC 3339. */
  created_at: string;
  done: boolean;
  done_reason?: string;
  logprobs?: NativeLogprob[];
  prompt_eval_count?: number;
  eval_count?: number;
}

/** Of `/api/chat`. */
export interface NativeChat extends Native {
  message: { role: string; content: string; thinking?: string; tool_calls?: NativeToolCall[] };
}

/** Of `/api/generate`. */
export interface NativeText extends Native {
  response: string;
}

/** Of `/api/embed`. */
export interface NativeVectors {
  embeddings: number[][];
  prompt_eval_count?: number;
}

/** What all answers to one request begin with; Ollama's fingerprint stands for no version. */
export function headOf(native: Native, id: string, object: string) {
  return {
    id,
    object,
    created: Math.floor(Date.parse(native.created_at) / 1000),
    model: native.model,
    system_fingerprint: 'fp_ollama',
  };
}

export function usageOf({ prompt_eval_count: prompt = 0, eval_count: completion = 0 }: Native) {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
}

/** `chatcmpl-123`. */
export function newId(prefix: string): string {
  return `${prefix}-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
}
