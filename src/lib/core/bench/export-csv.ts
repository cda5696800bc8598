/** A run as CSV (RFC 4180), a line a test, under llama-bench's names; spreadsheets take no cell of it for a formula. */
import { llamaBenchRows, type LlamaBenchRow } from '#core/bench/llama-bench';
import type { BenchRun } from '#core/bench/run';

/** The columns, in their order; samples are in the JSON. */
const COLUMNS = [
  'model_filename',
  'model_type',
  'model_size',
  'model_n_params',
  'engine',
  'backends',
  'n_threads',
  'n_gpu_layers',
  'test',
  'n_prompt',
  'n_gen',
  'n_depth',
  'avg_ts',
  'stddev_ts',
  'avg_ns',
  'stddev_ns',
  'bytes_per_token',
  'ceiling_ts',
  'ceiling_percent',
  'agreed',
  'agreed_of',
  'backend_proof',
  'flags',
  'struck_out',
  'test_time',
  'cpu_info',
  'gpu_info',
  'build_commit',
] as const satisfies readonly (keyof LlamaBenchRow)[];

/** What makes a spreadsheet reckon, also behind blanks and in full width. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/** Where a semicolon parts cells, quotes of ours do not hold those behind it. */
const LATER_FORMULA = /;(?=["\s]*[=+\-@＝＋－＠])/g;

/** The text of a file: a line of names, then a line a test. */
export function benchCsv(run: BenchRun): string {
  const lines = llamaBenchRows(run).map((row) => COLUMNS.map((column) => cell(row[column])));
  return [COLUMNS.map(cell), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function cell(value: LlamaBenchRow[keyof LlamaBenchRow]): string {
  if (value === null) return '';
  if (typeof value !== 'string' && !Array.isArray(value)) return String(value);
  const text = (Array.isArray(value) ? value.join(' ') : value).replace(LATER_FORMULA, ";'");
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
