/** What an engine is asked and what it answers: the data of the engine seam (`workers/runner/engine.ts`). */
import type { Digest } from '#core/digest';

export type Backend = 'webgpu' | 'wasm';

/** Why the forward pass does not run on WebGPU. */
export type NoWebGpuReason =
  | 'no_webgpu' // the browser has no `navigator.gpu`
  | 'no_adapter' // it has, but gives no adapter
  | 'no_shader_f16' // the adapter lacks what the engine's kernels need
  | 'asked_cpu' // num_gpu: 0
  | 'engine_cpu_only' // this engine has no WebGPU kernels
  | 'engine_fell_back'; // the engine was given a GPU and did not take it

export type Capability = 'completion' | 'chat';

/** The model as the runner finds it in the blob store. */
export interface RunnerModel {
  /** Ollama's `model_format`: it chooses the engine. */
  format: string;
  /** Of the first of its files that the manifest names. */
  digest: Digest;
  /** The other files, of a model that is cut in several; in any order. */
  more?: Digest[];
  /** Bytes of all. */
  size: number;
}

/** What can only change by loading again; Ollama's names. */
export interface LoadOptions {
  /** Tokens; 0 lets the engine choose. */
  num_ctx: number;
  num_batch?: number;
  /** Layers on the GPU; 0 keeps to the CPU, -1 lets the engine choose. */
  num_gpu: number;
  /** 0 lets the engine choose. */
  num_thread: number;
  /** How keys and values are kept; absent, and where the engine has no other: f16. llama.cpp's and Ollama's name. */
  kv_cache_type?: 'f16' | 'q8_0';
}

/** What a runner does before it writes. */
export interface Activity {
  /** As it is installed. */
  model: string;
  phase: 'load' | 'prompt';
  /** Bytes of the weights, or tokens of the prompt, cached ones too. */
  done: number;
  /** 0 where nobody counts them. */
  total: number;
}

export interface LoadProgress {
  phase: 'engine' | 'weights';
  /** Of the weights, where the engine counts them. */
  bytes?: number;
  total?: number;
}

/** What was loaded, and what really runs it. */
export interface EngineInfo {
  engine: string;
  backend: Backend;
  /** The adapter's name, with `backend: 'webgpu'`. */
  adapter?: string;
  /** Set with `backend: 'wasm'`. */
  noWebGpu?: NoWebGpuReason;
  /** The engine that was tried first, and what it cannot run of this model. */
  refused?: { engine: string; reason: string };
  threads: number;
  /** Tokens. */
  contextLength: number;
  /** Tokens; what the model was trained for. */
  contextTrained: number;
  capabilities: Capability[];
  /** Bytes; `cache` is keys and values by the model's shape, `compute` what the engine claims beside both, if it says. */
  bytes: { weights: number; cache: number; compute?: number };
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
}

/** Per-request options; Ollama's names and meanings. Absent: the engine's default. */
export interface SamplingOptions {
  num_predict?: number;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  min_p?: number;
  typical_p?: number;
  repeat_last_n?: number;
  repeat_penalty?: number;
  presence_penalty?: number;
  frequency_penalty?: number;
  seed?: number;
  stop?: string[];
  /** Tokens of the prompt that a context shift keeps, beside the one that begins a text; -1: all. */
  num_keep?: number;
  /** When the context is full: drop the older half and go on; else the reply ends with `length`. */
  shift?: boolean;
  /** Added to a token's logit before all else, by token. */
  logit_bias?: Record<number, number>;
  logprobs?: boolean;
  /** Likeliest tokens to give at each place, with `logprobs`. */
  top_logprobs?: number;
}

export interface ChatParams {
  messages: ChatMessage[];
  /** Jinja, in the place of what the file has. */
  template?: string;
  options: SamplingOptions;
}

export interface CompleteParams {
  /** The text as it is, without a template. */
  prompt: string;
  options: SamplingOptions;
}

/** A piece of the reply. */
export interface DeltaChunk {
  type: 'delta';
  content: string;
  /** One a token of the piece, when asked for. */
  logprobs?: TokenLogprob[];
}

/** Natural logarithms of the model's own probabilities: before bias, penalties and temperature. */
export interface Logprob {
  token: string;
  /** The token's; `token` alone cannot show a part of a character. */
  bytes: number[];
  logprob: number;
}

export interface TokenLogprob extends Logprob {
  /** The likeliest tokens there, the likeliest first. */
  top_logprobs: Logprob[];
}

/** How far the prompt is, while it is not yet read to its end. */
export interface PromptChunk {
  type: 'prompt';
  /** Tokens, cached ones too. */
  evaluated: number;
  total: number;
}

/** The last chunk: why it ended, and the counts. Durations in milliseconds. */
export interface FinalChunk {
  type: 'final';
  reason: 'stop' | 'length';
  /** Tokens of the whole prompt, cached ones too. */
  promptTokens: number;
  /** Of those, tokens that the cache spared. */
  cachedTokens: number;
  promptMs: number;
  evalTokens: number;
  evalMs: number;
}

export type EngineChunk = PromptChunk | DeltaChunk | FinalChunk;
