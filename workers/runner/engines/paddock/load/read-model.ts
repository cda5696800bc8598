/** What a model's files say of it, whatever runs it: read, and refused where something is not known. */
import type { GgufHeader } from '#core/gguf';
import { readPartHeaders } from '#core/gguf/split';
import { checkChatTemplate } from '../../../chat/check-template';
import { throwIfAborted } from '../../../abort';
import type { ModelSpec } from '../spec/model-spec';
import { readSpec } from '../spec/read-spec';
import { findTensors, type ModelTensors } from '../spec/tensors';
import { checkTokenizer, keepVocabulary } from '../tokenizer/read-tokenizer';
import { joinReaders, type WeightsFile } from './files';
import type { WeightsReader } from './reader';
import { readRopeFactors } from './vectors';

export interface ReadModel {
  header: GgufHeader;
  /** Of all files as one. */
  reader: WeightsReader;
  /** In the order in which `reader` has them. */
  files: readonly WeightsFile[];
  spec: ModelSpec;
  tensors: ModelTensors;
}

/**
 * @param readers one a file
 * @throws PaddockError `not_supported`, `model_unreadable`, `aborted`
 */
export async function readModel(
  found: readonly WeightsFile[],
  readers: readonly WeightsReader[],
  signal: AbortSignal,
): Promise<ReadModel> {
  const readable = readers.map((reader) => ({
    size: reader.size,
    read: reader.bytes.bind(reader),
  }));
  const { header, order } = await readPartHeaders(readable, { keepArray: keepVocabulary });
  const reader = joinReaders(order.map((at) => readers[at]!));
  const spec = readSpec(header);
  const tensors = findTensors(header, spec);
  // Whatever this engine does not know is found before memory is claimed and weights begin to come.
  checkTokenizer(header);
  checkChatTemplate(header.text('tokenizer.chat_template'));
  spec.rope.factors = await readRopeFactors(reader, header.dataOffset, tensors.ropeFactors);
  throwIfAborted(signal);
  return { header, reader, files: order.map((at) => found[at]!), spec, tensors };
}
