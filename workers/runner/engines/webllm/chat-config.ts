/** What the engine reads of an MLC model's `mlc-chat-config.json`. */
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';

/** How a chat becomes text; MLC's names. */
export interface ConversationTemplate {
  name?: string;
  /** With `{system_message}`. */
  system_template: string;
  system_message: string;
  /** Tokens that begin a text. */
  system_prefix_token_ids?: number[] | null;
  roles: Record<string, string>;
  /** With `{user_message}` and the like. */
  role_templates?: Record<string, string>;
  /** Behind a message; where there are two, the second is behind the assistant's. */
  seps: string[];
  role_content_sep?: string;
  role_empty_sep?: string;
  stop_str: string[];
  stop_token_ids: number[];
  add_role_after_system_message?: boolean;
  render_empty_system_message?: boolean;
}

export interface ChatConfig {
  model_type?: string;
  /** Such as `q4f16_1`. */
  quantization?: string;
  /** Tokens; -1 or absent where a sliding window bounds it. */
  context_window_size?: number;
  sliding_window_size?: number;
  tokenizer_files: string[];
  conv_template: ConversationTemplate;
}

/** @throws PaddockError `model_unreadable` */
export function parseChatConfig(value: unknown): ChatConfig {
  if (!isObject(value)) throw unusable('it is no object');
  const { tokenizer_files: files, conv_template: template } = value;
  if (!Array.isArray(files)) throw unusable('it names no tokenizer');
  if (!isObject(template)) throw unusable('it has no conv_template');
  if (!isObject(template.roles)) throw unusable('its conv_template has no roles');
  if (!Array.isArray(template.seps) || template.seps.length === 0) {
    throw unusable('its conv_template has no seps');
  }
  const defaults = { system_template: '', system_message: '', stop_str: [], stop_token_ids: [] };
  return {
    ...(value as unknown as ChatConfig),
    conv_template: { ...defaults, ...(template as unknown as ConversationTemplate) },
  };
}

/** web-llm gives vectors of such models and no text. */
export function makesEmbeddings({ model_type }: ChatConfig): boolean {
  return model_type === 'bert';
}

/** Whether its kernels calculate in 16 bits, which an adapter may lack. */
export function needsF16({ quantization }: ChatConfig): boolean {
  return /f16/.test(quantization ?? '');
}

/** Tokens that the model was trained for, as far as its file says. */
export function trainedContext(config: ChatConfig): number {
  const sizes = [config.context_window_size, config.sliding_window_size];
  return sizes.find((size) => size !== undefined && size > 0) ?? 0;
}

function unusable(why: string): PaddockError {
  return new PaddockError('model_unreadable', `mlc-chat-config.json cannot be used: ${why}.`);
}
