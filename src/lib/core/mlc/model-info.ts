/** What `/api/show` says of an MLC model: its figures under GGUF's names, and its conversation in words. */
import { isObject } from '#core/is-object';
import type { MlcChatConfig } from '#core/mlc/chat-config';
import { parametersOf } from '#core/mlc/describe';
import type { MlcTensorList } from '#core/mlc/tensor-list';

/** A figure of `model_config` and what GGUF calls it. */
const FIGURES = [
  ['num_hidden_layers', 'block_count'],
  ['intermediate_size', 'feed_forward_length'],
  ['num_attention_heads', 'attention.head_count'],
  ['num_key_value_heads', 'attention.head_count_kv'],
  ['head_dim', 'attention.key_length'],
  ['vocab_size', 'vocab_size'],
] as const;

/** `general.architecture` and so on, as far as its texts say. */
export function mlcModelInfo(
  config: MlcChatConfig,
  list: MlcTensorList,
): Record<string, string | number> {
  const { modelType, contextLength, embeddingLength, figures, quantization } = config;
  const own = FIGURES.flatMap(([from, to]) => {
    const figure = figures[from];
    return figure === undefined ? [] : [[`${modelType}.${to}`, figure] as const];
  });
  return {
    'general.architecture': modelType,
    'general.parameter_count': parametersOf(config, list),
    'general.quantization': quantization,
    ...(contextLength !== null && { [`${modelType}.context_length`]: contextLength }),
    ...(embeddingLength !== null && { [`${modelType}.embedding_length`]: embeddingLength }),
    ...Object.fromEntries(own),
  };
}

/** Characters of one of its texts that are shown. */
const SHOWN = 2000;

/** A conversation as it becomes a prompt, a line a turn, in the letters of its own configuration; '' without one. */
export function conversationWords({ conversation }: MlcChatConfig): string {
  const { roles, seps, system_template: system } = conversation;
  if (!isObject(roles)) return '';
  const templates = isObject(conversation.role_templates) ? conversation.role_templates : {};
  const between = text(conversation.role_content_sep) || ': ';
  const ends = Array.isArray(seps) ? seps.map(text) : [];
  const turn = (role: string, end: string) => {
    const content = text(templates[role]) || `{${role}_message}`;
    return `${text(roles[role])}${between}${content}${end}`;
  };
  const lines = [
    text(system),
    turn('user', ends[0] ?? ''),
    turn('assistant', ends[1] ?? ends[0] ?? ''),
  ];
  return lines.filter(Boolean).join('\n');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, SHOWN) : '';
}
