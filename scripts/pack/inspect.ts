/** Reads what a GGUF file says of itself, and refuses what Paddock cannot run, before anything is written. */
import { open, type FileHandle } from 'node:fs/promises';
import { PaddockError } from '#core/errors';
import { readGgufHeader, type GgufHeader } from '#core/gguf';
import { embeds } from '#core/weights-facts';
import { readSpec } from '../../workers/runner/engines/paddock/spec/read-spec.ts';
import { checkChatTemplate } from '../../workers/runner/chat/check-template.ts';
import { findTensors } from '../../workers/runner/engines/paddock/spec/tensors.ts';
import { checkTokenizer } from '../../workers/runner/engines/paddock/tokenizer/read-tokenizer.ts';
import { Refusal } from '../refusal.ts';

export interface Inspected {
  header: GgufHeader;
  /** Bytes. */
  size: number;
  /** What the model can be published in spite of: a sentence each. */
  warnings: string[];
}

/** GGUF files that are a piece of something, by their `general.type`. */
const NO_MODELS = new Map([
  ['mmproj', 'it is the image part of another model'],
  ['adapter', 'it is an adapter for another model'],
  ['imatrix', 'it holds statistics for quantization'],
]);

/** @throws Refusal, or the system's error for a file that cannot be opened */
export async function inspect(path: string): Promise<Inspected> {
  const file = await open(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Refusal(`${path} is not a file. Name one GGUF file.`);
    const header = await readHeader(file, stat.size);
    refusePieces(path, header);
    return { header, size: stat.size, warnings: warningsOf(header) };
  } catch (error) {
    if (!(error instanceof PaddockError)) throw error;
    throw new Refusal(
      `${path} cannot be published. ${error.message} ` +
        'Download it again, or convert the model with current tools.',
    );
  } finally {
    await file.close();
  }
}

function readHeader(file: FileHandle, size: number): Promise<GgufHeader> {
  const read = async (offset: number, length: number) => {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  };
  return readGgufHeader(read, size);
}

function refusePieces(path: string, header: GgufHeader): void {
  const piece = NO_MODELS.get(header.text('general.type'));
  if (piece) throw new Refusal(`${path} is not a model: ${piece}. Name the model's own file.`);
  const split = Number(header.metadata.get('split.count') ?? 1);
  if (split > 1) {
    throw new Refusal(
      `${path} is one of ${split} files of a model. ` +
        'Join them first, with llama-gguf-split --merge.',
    );
  }
  if (header.tensors.length === 0) {
    throw new Refusal(`${path} holds a vocabulary and no weights. Name the model's own file.`);
  }
}

function warningsOf(header: GgufHeader): string[] {
  if (embeds(header)) return []; // llama.cpp runs it, and nobody chats with it
  const warnings: string[] = [];
  try {
    findTensors(header, readSpec(header));
    checkTokenizer(header);
    checkChatTemplate(header.text('tokenizer.chat_template'));
  } catch (error) {
    if (!(error instanceof PaddockError)) throw error;
    warnings.push(
      `${error.message} llama.cpp takes such a model where it can: try it before you publish.`,
    );
  }
  if (header.text('tokenizer.chat_template') === '') {
    warnings.push('The file has no chat template: chats may not work, or follow ChatML.');
  }
  return warnings;
}
