/** What is said of a model on disk. */
import { digestHex } from '#core/digest';
import type { WireError } from '#core/errors';
import { formatBytes, formatCount } from '#core/format';
import type { Layer } from '#core/manifest';
import { explainInLine } from '#core/sentences';
import type { DiskProblem } from '$lib/state/disk-model.svelte';

/** Blobs or parts that a line names; of more, only the number. */
const NAMED = 3;

/** Why it cannot be imported, and what to do. */
export function problemText(problem: DiskProblem): string {
  switch (problem.type) {
    case 'here':
      return 'It is on this device already.';
    case 'name':
      return 'Its folders make no model name, so it is left out.';
    case 'twice':
      return 'Another model has this name in other letters, so it is left out.';
    case 'manifest':
      return `Its manifest cannot be read. ${problem.why} Pull it again with Ollama, then choose the folder again.`;
    case 'weights':
      return 'It has no GGUF weights, which is what runs here.';
    case 'parts':
      return `${partsText(problem.missing, problem.of)} Choose all its files together.`;
    case 'alone':
      return problem.kind === 'projector'
        ? 'It lets a model see images and is no model itself. Choose it together with its model.'
        : 'It changes a model and is no model itself. Choose it together with its model.';
    case 'files': {
      const verb = problem.missing.length === 1 ? 'is' : 'are';
      return `Its folder is not whole: ${listed(problem.missing)} ${verb} missing. Choose the folder again when all its files are there.`;
    }
    case 'unfit':
      return problem.error.code === 'model_unreadable'
        ? `It cannot be read: ${problem.error.message.replace(/[.\s]+$/, '')}. Choose the folder again when it is mended.`
        : explainInLine(problem.error);
    case 'blobs':
      return [
        ...naming('missing', problem.missing.map(missingText)),
        ...naming('damaged', problem.damaged.map(damagedText)),
        'Pull the model again with Ollama, then choose the folder again.',
      ].join(' ');
  }
}

/** Why a file is no model. */
export function refusalText({ code, message, detail }: WireError): string {
  if (code !== 'model_unreadable')
    return explainInLine({ code, message, ...(detail && { detail }) });
  return `${message} Choose a GGUF file that is whole; others have to be converted first.`;
}

/** What of it Paddock keeps and does not read. */
export function unknownText(types: string[]): string {
  const names = types.map((type) => type.split('.').at(-1));
  return `Paddock does not read its ${listed(names)}; all else is taken over.`;
}

function partsText(missing: number[], of: number): string {
  const parts = missing.length === 1 ? 'Part' : 'Parts';
  const verb = missing.length === 1 ? 'is' : 'are';
  return `${parts} ${listed(missing.map(String))} of ${of} ${verb} missing.`;
}

function naming(what: string, blobs: string[]): string[] {
  if (blobs.length === 0) return [];
  const count = blobs.length === 1 ? 'A blob is' : `${formatCount(blobs.length)} blobs are`;
  return [`${count} ${what}: ${listed(blobs)}.`];
}

function missingText({ digest, size }: Layer): string {
  return `${short({ digest })} (${formatBytes(size)})`;
}

function damagedText({ blob, size }: { blob: Layer; size: number }): string {
  return `${short(blob)} has ${formatCount(size)} of ${formatCount(blob.size)} bytes`;
}

function short({ digest }: Pick<Layer, 'digest'>): string {
  return `sha256-${digestHex(digest).slice(0, 12)}`;
}

function listed(words: (string | undefined)[]): string {
  const more = words.length - NAMED;
  const named = words.slice(0, NAMED).join(', ');
  return more > 0 ? `${named} and ${formatCount(more)} more` : named;
}
