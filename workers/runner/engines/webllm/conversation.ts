/** How an MLC model's chat becomes text. */
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { CHAT_CONFIG, type MlcChatConfig } from '#core/mlc/chat-config';

/** `conv_template`; MLC's names. */
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

/** @throws PaddockError `model_unreadable` */
export function conversationOf({ conversation }: MlcChatConfig): ConversationTemplate {
  if (!isObject(conversation.roles)) throw unusable('its conv_template has no roles');
  if (!Array.isArray(conversation.seps) || conversation.seps.length === 0) {
    throw unusable('its conv_template has no seps');
  }
  const defaults = { system_template: '', system_message: '', stop_str: [], stop_token_ids: [] };
  return { ...defaults, ...(conversation as unknown as ConversationTemplate) };
}

function unusable(why: string): PaddockError {
  return new PaddockError('model_unreadable', `${CHAT_CONFIG} cannot be used: ${why}.`);
}
