/** What is said of a model on disk. */
import { digestHex } from '#core/digest';
import type { WireError } from '#core/errors';
import { formatBytes, formatCount } from '#core/format';
import type { Layer } from '#core/manifest';
import * as m from '#core/messages/disk';
import { explainInLine } from '#core/sentences';
import type { DiskProblem } from '$lib/state/disk-model.svelte';

/** Blobs or parts that a line names; of more, only the number. */
const NAMED = 3;

/** Why it cannot be imported, and what to do. */
export function problemText(problem: DiskProblem): string {
  switch (problem.type) {
    case 'here':
      return m.disk_here_already();
    case 'name':
      return m.disk_no_name();
    case 'twice':
      return m.disk_twice();
    case 'manifest':
      return m.disk_manifest({ why: problem.why });
    case 'weights':
      return m.disk_no_weights();
    case 'parts':
      return m.disk_parts({
        count: problem.missing.length,
        parts: listed(problem.missing.map(String)),
        total: problem.of,
      });
    case 'alone':
      return problem.kind === 'projector' ? m.disk_alone_projector() : m.disk_alone_adapter();
    case 'files': {
      const { missing } = problem;
      return m.disk_files_missing({ count: missing.length, files: listed(missing) });
    }
    case 'unfit':
      return problem.error.code === 'model_unreadable'
        ? m.disk_unreadable({ reason: problem.error.message.replace(/[.\s]+$/, '') })
        : explainInLine(problem.error);
    case 'blobs':
      return [
        ...naming(m.disk_blobs_missing, problem.missing.map(missingText)),
        ...naming(m.disk_blobs_damaged, problem.damaged.map(damagedText)),
        m.disk_pull_again(),
      ].join(' ');
  }
}

/** Why a file is no model. */
export function refusalText({ code, message, detail }: WireError): string {
  if (code !== 'model_unreadable')
    return explainInLine({ code, message, ...(detail && { detail }) });
  return m.disk_no_model({ reason: message });
}

/** What of it Paddock keeps and does not read. */
export function unknownText(types: string[]): string {
  const names = types.map((type) => type.split('.').at(-1));
  return m.disk_unknown({ names: listed(names) });
}

function naming(say: typeof m.disk_blobs_missing, blobs: string[]): string[] {
  return blobs.length === 0 ? [] : [say({ count: blobs.length, blobs: listed(blobs) })];
}

function missingText({ digest, size }: Layer): string {
  return m.disk_blob_missing({ blob: short({ digest }), size: formatBytes(size) });
}

function damagedText({ blob, size }: { blob: Layer; size: number }): string {
  return m.disk_blob_damaged({
    blob: short(blob),
    count: formatCount(size),
    total: formatCount(blob.size),
  });
}

function short({ digest }: Pick<Layer, 'digest'>): string {
  return `sha256-${digestHex(digest).slice(0, 12)}`;
}

function listed(words: (string | undefined)[]): string {
  const more = words.length - NAMED;
  const named = words.slice(0, NAMED).join(', ');
  return more > 0 ? m.disk_and_more({ names: named, count: formatCount(more) }) : named;
}
