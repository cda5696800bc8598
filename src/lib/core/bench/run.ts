/**
 * A benchmark's run: what was asked, what was measured, and on what. This is what the history keeps and what export and
 * import carry, so a change of it is a new `version`. Durations are milliseconds, sizes bytes, times RFC 3339 in UTC.
 */
import type { Backend, EngineInfo } from '#core/engine';
import type { WireError } from '#core/errors';

/** Engines that can be asked for by name. */
export type BenchEngine = 'paddock' | 'wllama' | 'webllm' | 'fake';

/** One model on one engine: what is compared. */
export interface Candidate {
  /** As it is installed. */
  model: string;
  engine: BenchEngine;
  backend: Backend;
  /** 0 lets the engine choose; what it chose is in the result's `info`. */
  threads: number;
}

export type BenchSetName = 'quick' | 'standard' | 'depth' | 'ollama';

/**
 * llama-bench's tests: `pp`, a prompt of `tokens` is evaluated; `tg`, `tokens` are generated one after the other; both
 * behind `depth` tokens that are in the context already. `chat`: Ollama's run, one message answered to its end.
 */
export interface BenchTest {
  kind: 'pp' | 'tg' | 'chat';
  /** Of the prompt (`pp`), of the reply (`tg`, and at most of it in `chat`). */
  tokens: number;
  depth: number;
}

/** What the runner's own clock saw of one repetition, beside what the engine says of itself. */
export interface Sample {
  /** Tokens of the prompt that were asked for, and those of them that the engine says its cache spared. */
  promptTokens: number;
  cachedTokens: number;
  /** From the call to the first token's arrival. */
  firstTokenMs: number;
  /** Tokens that really came, and what the engine says it made. */
  tokens: number;
  evalTokens: number;
  /** Arrivals of tokens after the first arrival, and the time they took: decode's rate is the one over the other. */
  laterTokens: number;
  laterMs: number;
  /** From the call to the reply's end, the last token's step and the end's own too; absent: it was not looked at. */
  endMs?: number;
  /** The engine's own figures. */
  promptMs: number;
  evalMs: number;
  /** `GPUQueue.submit` calls that were seen meanwhile; null where nobody can count them. */
  submits: number | null;
  /** When it began, since the run began: for the drift between the first and the last repetition. */
  startedMs: number;
}

/** Why a repetition was thrown away and measured again; or, of `time`, left out: the candidate had no more of it. */
export type RedoReason = 'hidden' | 'busy' | 'throttled' | 'cached' | 'clock' | 'lost' | 'time';

export interface TestResult {
  test: BenchTest;
  /** In their order, without the warm-up. */
  samples: Sample[];
  redone: RedoReason[];
  /** Repetitions that were disturbed each time they were tried, or left out: they are not among the samples. */
  abandoned: RedoReason[];
}

/** A load, as the runner's clock saw its phases; null: this engine does not tell it from the others. */
export interface LoadSplit {
  /**
   * True: the candidate's first load in this run, in a fresh runner, before anything else of the run read its files,
   * unless another candidate has the same; false: the next one, also in a fresh runner. What the system has in its
   * cache of files from before the run no page can empty.
   */
  cold: boolean;
  totalMs: number;
  /** The engine's code. */
  engineMs: number | null;
  /** Weights from the blob store, and to the GPU or into the engine's memory. */
  readMs: number | null;
  uploadMs: number | null;
  /** Shaders. */
  compileMs: number | null;
  /** The first pass. */
  firstTokenMs: number | null;
  /** What disturbed it each time it was tried, so that it says little; absent: nothing. */
  disturbed?: RedoReason;
}

/** A place at which another token came than the reference's, to be looked at: both may be as likely there. */
export interface Miss {
  /** From 0, in the reference's text. */
  at: number;
  /** Tokens of the model's vocabulary; null: none came. */
  expected: number;
  got: number | null;
}

/** Forced decoding: how many of the next tokens agree with the reference's, given the reference's text each time. */
export type Agreement =
  | {
      state: 'agrees' | 'differs';
      agreed: number;
      of: number;
      reference: string;
      /** In their order; absent where there are none. */
      misses?: Miss[];
    }
  /** Nothing to compare with. */
  | { state: 'unverified'; reason: string };

/** Whether the backend that the engine names did the work. */
export type BackendProof = 'proven' | 'disproven' | 'unproven';

export interface CandidateResult {
  candidate: Candidate;
  /** As `/api/paddock/models` has them; null where the model was not found. */
  model: {
    digest: string;
    size: number;
    format: string;
    family: string;
    parameters: string;
    quantization: string;
  } | null;
  /** Null until it was loaded. */
  info: EngineInfo | null;
  /** Bytes of weights that one token's pass reads; null where the file does not tell. */
  bytesPerToken: number | null;
  loads: LoadSplit[];
  tests: TestResult[];
  agreement: Agreement | null;
  proof: BackendProof | null;
  /** Why it ended early; what was measured before stands. */
  error: WireError | null;
}

/** Bytes a second that this machine's memory gave in this run. */
export interface Bandwidth {
  /** Read by WASM, by threads. */
  wasm: { threads: number; read: number }[];
  /** Null without an adapter. */
  gpu: { adapter: string; read: number; copy: number } | null;
}

export interface BenchMachine {
  /** Such as `Chromium 156 on Linux`. */
  browser: string;
  cores: number;
  isolated: boolean;
  adapter: string | null;
  /** Milliseconds: the smallest step that the runner's clock was seen to make; 0: not known. */
  clockMs: number;
  bandwidth: Bandwidth | null;
  /** Paddock's own version. */
  build: string;
}

export interface BenchRun {
  version: 1;
  /** A UUID. */
  id: string;
  started: string;
  /** Null: it was stopped, and `candidates` hold what there was. */
  finished: string | null;
  set: BenchSetName | 'custom';
  tests: BenchTest[];
  repetitions: number;
  /** True: the repetitions took turns; false: the candidates did not fit side by side, and were measured one by one. */
  interleaved: boolean;
  /** Whose figures they are; absent: Paddock's. */
  origin?: 'llama-bench';
  machine: BenchMachine;
  candidates: CandidateResult[];
}
