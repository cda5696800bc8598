/** What a GGUF from disk is: a model, part of one, or what goes with one; and what it may be called. */
import { unreadable } from '#core/gguf/cursor';
import { parameterSize, type GgufHeader } from '#core/gguf';
import { partOf } from '#core/gguf/split';
import type { FileFacts } from '#core/paddock-api';

/** Ollama's limit for a model, and for a tag. */
const MAX_NAME = 80;

/** `general.type` of a file that is no model and goes with none. */
const OTHER = new Set(['imatrix']);

/** `-00001-of-00003`, as llama.cpp names the parts of a model. */
const PART = /-(\d{5})-of-(\d{5})$/;
const EXTENSION = /\.gguf$/i;
const QUANTIZATION = /[-._](?:i?q\d\w*|tq\d\w*|mxfp4\w*|b?f16|f32)$/i;

/** @throws PaddockError `model_unreadable` for a GGUF that is neither model, projector nor adapter */
export function factsOf(header: GgufHeader, fileName: string): FileFacts {
  const type = header.text('general.type');
  if (OTHER.has(type)) throw unreadable(`it holds no model but ${type} data`);
  const kind = kindOf(header, type);
  const part = partOf(header);
  if (!part && header.tensors.length === 0) throw unreadable('it holds no tensors');
  return {
    kind,
    name: proposedName(header, fileName),
    architecture: header.architecture,
    parameter_size: parameterSize(header.parameterCount),
    quantization_level: header.quantization,
    part,
  };
}

function kindOf(header: GgufHeader, type: string): FileFacts['kind'] {
  if (type === 'adapter') return 'adapter';
  // Projectors had no type before they had a name of their own.
  return type === 'mmproj' || header.architecture === 'clip' ? 'projector' : 'model';
}

/** From the header's words where it has them, else from the file's name. */
function proposedName(header: GgufHeader, fileName: string): string {
  const base = header.text('general.basename');
  const words = base
    ? [base, header.text('general.size_label'), header.text('general.finetune')]
    : [header.text('general.name').split('/').at(-1)];
  const model = slug(words.filter(Boolean).join('-')) || slug(stemOf(fileName)) || 'model';
  const tag = header.quantization === 'unknown' ? '' : slug(header.quantization);
  return `${model}:${tag || 'latest'}`;
}

/** A file's name without folder, extension, part and quantization. */
export function stemOf(fileName: string): string {
  return splitStemOf(fileName).replace(QUANTIZATION, '');
}

/** A file's name without folder, extension and part: what all parts of a model have in common. */
export function splitStemOf(fileName: string): string {
  const name = fileName.split(/[\\/]/).at(-1) ?? '';
  return name.replace(EXTENSION, '').replace(PART, '');
}

/** Whether a file is named as a part of a model. */
export function isPartName(fileName: string): boolean {
  return PART.test(fileName.replace(EXTENSION, ''));
}

/** As much of `text` as a model's name may hold; empty where that is nothing. */
export function slug(text: string): string {
  const allowed = text.toLowerCase().replace(/[^a-z0-9_.]+/g, '-');
  return allowed
    .replace(/^[-.]+/, '')
    .slice(0, MAX_NAME)
    .replace(/[-.]+$/, '');
}
