/** Results as files: out of the page, and back. */
import { benchCsv } from '#core/bench/export-csv';
import { benchJson } from '#core/bench/export-json';
import { benchMarkdown } from '#core/bench/export-markdown';
import { importRun, MOST_IMPORT, type Imported } from '#core/bench/import';
import type { BenchRun } from '#core/bench/run';

export const EXPORTS = [
  { kind: 'json', title: 'JSON', type: 'application/json', write: benchJson },
  { kind: 'csv', title: 'CSV', type: 'text/csv', write: benchCsv },
  { kind: 'md', title: 'Markdown', type: 'text/markdown', write: benchMarkdown },
] as const;

/** `paddock-bench-2026-03-01-1405.json`, by when it ran (UTC). */
export function fileName({ started }: Pick<BenchRun, 'started'>, kind: string): string {
  const time = new Date(started).toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  return `paddock-bench-${time}.${kind}`;
}

/** What a file of results holds, or why it cannot be read. Rejects where the browser does not give the file. */
export async function readResult(file: File): Promise<Imported> {
  // A film of gigabytes is not read to be told that it is too long.
  return importRun(await file.slice(0, MOST_IMPORT + 1).text(), crypto.randomUUID());
}
