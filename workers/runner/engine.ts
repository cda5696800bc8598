/** The engine seam: a new engine is a folder in `engines/` and a line in `engines/table.ts`. */
import type {
  ChatParams,
  CompleteParams,
  EmbedParams,
  Embeddings,
  EngineChunk,
  EngineInfo,
  LoadOptions,
  LoadProgress,
  PromptCount,
  RunnerModel,
} from '#core/engine';

/** A loaded model. One request at a time: the scheduler queues. */
export interface LoadedModel {
  readonly info: EngineInfo;
  /** Renders the messages with the template given, else the file's; a final assistant message is continued. */
  chat(params: ChatParams, signal: AbortSignal): AsyncIterable<EngineChunk>;
  /** Continues `prompt` as it is. */
  complete(params: CompleteParams, signal: AbortSignal): AsyncIterable<EngineChunk>;
  /** What `chat` would read; nothing is read. Absent where the engine does not tell. */
  count?(params: ChatParams, signal: AbortSignal): Promise<PromptCount>;
  /** Absent where the engine or the model has none. */
  embed?(params: EmbedParams, signal: AbortSignal): Promise<Embeddings>;
  /** The tokens that `complete` would read of a text. Absent: only texts can be given to it. */
  tokenize?(text: string): Promise<number[]>;
  /** Frees everything; nothing may be called afterwards. */
  close(): Promise<void>;
}

/** What engines remember of a model on this device. */
export interface Notes {
  /** Undefined where nothing is known; else to be looked at with care: it may be anything. */
  read(key: string): unknown;
  /** Takes an older one's place. What cannot be kept is told in the log, and the load goes on. */
  write(key: string, value: unknown): void;
}

export interface LoadContext {
  signal: AbortSignal;
  /** As `blobs`, where the store has them in files: threads read those faster. */
  files?: readonly (FileSystemFileHandle | undefined)[];
  onProgress(progress: LoadProgress): void;
  /** Absent: nobody keeps any. */
  notes?: Notes;
  /** Called when the engine's own worker crashes outside any call. */
  onDeath(reason: string): void;
}

export interface Engine {
  readonly name: string;
  /**
   * @param blobs what `model.files` are, in their order
   * @throws PaddockError `model_unreadable`, `out_of_memory`, `engine_failed`
   */
  load(
    model: RunnerModel,
    blobs: readonly Blob[],
    options: LoadOptions,
    context: LoadContext,
  ): Promise<LoadedModel>;
}
