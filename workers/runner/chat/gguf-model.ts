/** What an engine gives of a loaded GGUF file, for `gguf-chat.ts` to make chats and completions of it. */
import type { CompleteParams, EngineChunk } from '#core/engine';
import type { ChatFile } from './chat-file';

/** As ChatMessage has them. */
export type Image = Uint8Array<ArrayBuffer>;

/** What a model is to read: its text, its tokens, or both. */
export interface Prompt {
  /** Absent where it has none: it was cut, or came as tokens. */
  text?: string;
  /** Absent where the engine knows no more than how many they are. */
  tokens?: readonly number[];
  /** Tokens; of `images` none are counted, since how many they are the engine learns with its reply. */
  length: number;
  /** One for each `imageMark` of the text. */
  images?: readonly Image[];
}

export type Asked = Pick<CompleteParams, 'options' | 'each' | 'format' | 'thought'>;

export interface GgufModel {
  /** Tokens. */
  readonly contextLength: number;
  /** What stands for an image in a text; absent: the model sees none. Secret: what users write must not have it. */
  readonly imageMark?: string;
  /** Whether `reply` honours `each`. */
  readonly tellsTokens: boolean;
  /** @throws PaddockError `model_unreadable` */
  file(): Promise<ChatFile>;
  /** A whole prompt: special tokens are read by their names, and what begins a text is put in front. */
  read(text: string): Promise<Prompt>;
  /** Tokens of a text behind others; undefined where the engine does not know them. */
  encode(text: string): Promise<number[] | undefined>;
  /** @throws PaddockError `context_exceeded` where nothing of the context is left for a reply */
  reply(prompt: Prompt, asked: Asked, signal: AbortSignal): AsyncIterable<EngineChunk>;
}
