/** A model that is cut in several GGUF files, as llama.cpp cuts them: in which order they belong, and what they are together. */
import { PaddockError } from '#core/errors';
import { GgufHeader, readGgufHeader, type GgufOptions } from '#core/gguf';
import { unreadable, type ReadAt } from '#core/gguf/cursor';
import { quote } from '#core/gguf/metadata';
import type { GgufTensor } from '#core/gguf/tensors';

/** Which part of a model a file says to be. */
export interface GgufPart {
  /** From 1. */
  number: number;
  of: number;
}

export interface PartFile {
  header: GgufHeader;
  /** Bytes of the file. */
  size: number;
}

export interface JoinedParts {
  /**
   * What the files say together: the first part's metadata and the tensors of all. Of several files `dataOffset` is
   * 0, and tensors have their places in the parts one after the other.
   */
  header: GgufHeader;
  /** Indices of the files that were given, in the order of their parts. */
  order: number[];
}

/**
 * Null for a file that is a whole model: llama.cpp writes that parts which it has merged again are 0.
 * @throws PaddockError `model_unreadable` for a number that cannot be
 */
export function partOf(header: GgufHeader): GgufPart | null {
  const of = Number(header.metadata.get('split.count') ?? 1);
  const number = Number(header.metadata.get('split.no') ?? 0) + 1;
  if (of === 1 || of === 0) return null; // llama.cpp counts 0 where it has put parts together again
  const sane = Number.isInteger(of) && of > 1 && of <= 99_999;
  if (!sane || !Number.isInteger(number) || number < 1 || number > of) {
    throw unreadable(`it says to be part ${number} of ${of}`);
  }
  return { number, of };
}

/**
 * Reads the headers of a model's files, one or several in any order, and joins them.
 * @throws PaddockError `model_unreadable`, naming the file, or the part that is missing, there twice or another model's
 */
export async function readPartHeaders(
  files: readonly { read: ReadAt; size: number }[],
  options: GgufOptions,
): Promise<JoinedParts> {
  const headers = await Promise.all(
    files.map(({ read, size }, at) =>
      readGgufHeader(read, size, { ...options, parts: true }).catch((error: unknown) => {
        throw files.length > 1 ? ofFile(error, at + 1, files.length) : error;
      }),
    ),
  );
  return joinParts(headers.map((header, at) => ({ header, size: files[at]!.size })));
}

/** @throws PaddockError `model_unreadable` unless the files are all parts of one model, each once */
export function joinParts(files: readonly PartFile[]): JoinedParts {
  const parts = files.map(({ header }) => partOf(header));
  if (files.length === 1 && !parts[0]) return { header: files[0]!.header, order: [0] };
  const order = orderOf(parts);
  const inOrder = order.map((at) => files[at]!);
  const { version, metadata } = inOrder[0]!.header;
  requireSame(
    'the architectures',
    inOrder.map(({ header }) => header.architecture || undefined),
  );
  const counts = inOrder.map(({ header }) => {
    const count = header.metadata.get('split.tensors.count');
    return typeof count === 'number' ? count : undefined;
  });
  requireSame('the numbers of tensors', counts);
  const tensors = joinTensors(inOrder);
  const expected = counts.find((count) => count !== undefined);
  if (expected !== undefined && expected !== tensors.length) {
    throw apart(`its parts hold ${tensors.length} tensors, and should hold ${expected}`);
  }
  return { header: new GgufHeader(version, metadata, tensors, 0), order };
}

/** Indices of `parts` by their number. */
function orderOf(parts: readonly (GgufPart | null)[]): number[] {
  const at = new Map<number, number>();
  const of = parts[0]?.of;
  parts.forEach((part, index) => {
    if (!part || !of) throw apart(`file ${index + 1} of ${parts.length} is no part of a model`);
    if (part.of !== of) {
      throw apart(`they are parts of different models, one cut in ${of} and one in ${part.of}`);
    }
    if (at.has(part.number)) throw apart(`part ${part.number} of ${of} is there twice`);
    at.set(part.number, index);
  });
  const numbers = Array.from({ length: of ?? 0 }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !at.has(number));
  if (missing.length > 0)
    throw apart(`${missingParts(missing)} of ${of} ${isOrAre(missing)} missing`);
  return numbers.map((number) => at.get(number)!);
}

/** Parts named in a sentence; a model may be cut in thousands. */
const MAX_NAMED = 8;

function missingParts(numbers: number[]): string {
  const named = numbers.slice(0, MAX_NAMED).join(', ');
  const more = numbers.length > MAX_NAMED ? ` and ${numbers.length - MAX_NAMED} more` : '';
  return `${numbers.length === 1 ? 'part' : 'parts'} ${named}${more}`;
}

function isOrAre({ length }: number[]): string {
  return length === 1 ? 'is' : 'are';
}

/** Parts behind the first often say nothing of it. */
function requireSame(what: string, values: readonly (string | number | undefined)[]): void {
  const said = [...new Set(values.filter((value) => value !== undefined))];
  if (said.length < 2) return;
  throw apart(`they are parts of different models: ${what} are ${said.slice(0, 2).join(' and ')}`);
}

function joinTensors(files: readonly PartFile[]): GgufTensor[] {
  const tensors = new Map<string, GgufTensor>();
  let start = 0;
  for (const { header, size } of files) {
    for (const tensor of header.tensors) {
      if (tensors.has(tensor.name)) {
        throw apart(`the tensor ${quote(tensor.name)} is in two of them`);
      }
      const offset = start + header.dataOffset + tensor.offset;
      tensors.set(tensor.name, { ...tensor, offset });
    }
    start += size;
  }
  return [...tensors.values()];
}

function apart(why: string): PaddockError {
  return new PaddockError('model_unreadable', `The files make no whole model: ${why}.`);
}

function ofFile(error: unknown, number: number, of: number): unknown {
  if (!(error instanceof PaddockError)) return error;
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return new PaddockError(error.code, `Of file ${number} of ${of}: ${message}`, error.detail);
}
