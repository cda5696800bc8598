/** `mlc-chat-config.json`: what an MLC model says of itself. */
import { isObject } from '#core/is-object';
import { MlcText, positive } from '#core/mlc/read-json';

export const CHAT_CONFIG = 'mlc-chat-config.json';

/** More than any model names. */
const MAX_TOKENIZER_FILES = 100;

export interface MlcChatConfig {
  /** `llama`: what a GGUF calls its architecture. */
  modelType: string;
  /** `q4f16_1` */
  quantization: string;
  /** Tokens; null where it does not say. */
  contextLength: number | null;
  embeddingLength: number | null;
  /** Its figures, as far as they are whole numbers above 0: `num_hidden_layers` … */
  figures: Record<string, number>;
  tokenizerFiles: string[];
  vision: boolean;
  /** How a chat becomes a prompt; {} where it does not say. */
  conversation: Record<string, unknown>;
}

/** @throws PaddockError `model_unreadable`, naming the key */
export function parseChatConfig(text: string): MlcChatConfig {
  const config = new MlcText(CHAT_CONFIG, text);
  const model = config.object('model_config');
  const length = (key: string) => positive(config.raw(key)) ?? positive(model[key]);
  const files = config.list('tokenizer_files', MAX_TOKENIZER_FILES);
  if (!files.every((file) => typeof file === 'string')) {
    throw config.fault('"tokenizer_files" holds what is no name');
  }
  const figures = Object.entries(model).flatMap(([key, value]) => {
    const figure = /^\w{1,64}$/.test(key) ? positive(value) : null;
    return figure === null ? [] : [[key, figure] as const];
  });
  return {
    modelType: config.word('model_type'),
    quantization: config.word('quantization'),
    contextLength: length('context_window_size') ?? length('sliding_window_size'),
    embeddingLength: positive(model.hidden_size),
    figures: Object.fromEntries(figures),
    tokenizerFiles: files,
    vision: isObject(model.vision_config),
    conversation: config.object('conv_template'),
  };
}
