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
  digest: Digest;
  /** Bytes. */
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
}

export interface LoadProgress {
  phase: 'engine' | 'weights';
}

/** What was loaded, and what really runs it. */
export interface EngineInfo {
  engine: string;
  backend: Backend;
  /** The adapter's name, with `backend: 'webgpu'`. */
  adapter?: string;
  /** Set with `backend: 'wasm'`. */
  noWebGpu?: NoWebGpuReason;
  threads: number;
  /** Tokens. */
  contextLength: number;
  /** Tokens; what the model was trained for. */
  contextTrained: number;
  capabilities: Capability[];
  /** Bytes; `cache` is keys and values by the model's shape. */
  bytes: { weights: number; cache: number };
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
}

export interface ChatParams {
  messages: ChatMessage[];
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

export type EngineChunk = DeltaChunk | FinalChunk;
