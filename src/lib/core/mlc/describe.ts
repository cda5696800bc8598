/** What lists say of an MLC model, by its texts and web-llm's list. */
import type { MlcModel } from '#core/catalogue/mlc';
import { parameterSize } from '#core/gguf';
import type { ModelConfig } from '#core/manifest';
import { knowsThinking, knowsTools, makesEmbeddings, seesImages } from '#core/mlc/abilities';
import { bitsPerWeight } from '#core/mlc/bits';
import type { MlcChatConfig } from '#core/mlc/chat-config';
import type { MlcTensorList } from '#core/mlc/tensor-list';

type Weights = Pick<MlcTensorList, 'shards' | 'parameters'>;

/** `config`'s fields for a model that web-llm lists as `listed`, or does not. */
export function describeMlc(
  config: MlcChatConfig,
  list: Weights,
  listed?: Pick<MlcModel, 'type' | 'tools'>,
): ModelConfig {
  const { modelType, quantization, contextLength, embeddingLength } = config;
  return {
    model_format: 'mlc',
    model_family: modelType,
    model_families: [modelType],
    model_type: parameterSize(parametersOf(config, list)),
    file_type: quantization,
    capabilities: capabilitiesOf(config, listed),
    ...(contextLength !== null && { context_length: contextLength }),
    ...(embeddingLength !== null && { embedding_length: embeddingLength }),
  };
}

/** Its own count, or one by the bits that its quantization gives a weight. */
export function parametersOf(
  { quantization }: Pick<MlcChatConfig, 'quantization'>,
  { parameters, shards }: Weights,
): number {
  if (parameters > 0) return parameters;
  const bytes = shards.reduce((sum, { size }) => sum + size, 0);
  return Math.round((bytes * 8) / bitsPerWeight(quantization));
}

function capabilitiesOf(
  config: MlcChatConfig,
  listed?: Pick<MlcModel, 'type' | 'tools'>,
): string[] {
  const embeds = listed ? listed.type === 'embedding' : makesEmbeddings(config);
  const sees = listed ? listed.type === 'vision' : seesImages(config);
  const calls = listed?.tools === true || knowsTools(config);
  return [
    embeds ? 'embedding' : 'completion',
    ...(sees ? ['vision'] : []),
    ...(calls && !embeds ? ['tools'] : []),
    ...(knowsThinking(config) && !embeds ? ['thinking'] : []),
  ];
}
