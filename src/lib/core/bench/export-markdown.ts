/** A run as Markdown: llama-bench's table, to paste where people compare. */
import { ceilingOf } from '#core/bench/ceiling';
import { flagWords } from '#core/bench/flag-words';
import { flagsOf, isStruck } from '#core/bench/flags';
import { escapedMarkdown, literalMarkdown } from '#core/bench/literal-markdown';
import { candidateLabel } from '#core/bench/narrate';
import { summary } from '#core/bench/rates';
import { resultSentence } from '#core/bench/result-sentence';
import type { BenchRun, CandidateResult, TestResult } from '#core/bench/run';
import { testName } from '#core/bench/sets';
import { formatBytes, formatCount } from '#core/format';
import { inEnglish } from '#core/language';

const HEAD = ['model', 'size', 'params', 'engine', 'threads', 'test', 't/s'];
/** Columns of words; the others are figures, on the right. */
const WORDS = new Set(['model', 'engine']);

/**
 * The table, what its numbers mean and what is wrong with them, and the machine, in English. A struck number is struck
 * here too.
 */
export function benchMarkdown(run: BenchRun): string {
  return inEnglish(() => markdownOf(run));
}

function markdownOf(run: BenchRun): string {
  const measured = run.candidates.flatMap((result) =>
    result.tests.filter((test) => summary(test)).map((test) => ({ result, test })),
  );
  const rows = measured.map(({ result, test }) => rowOf(run, result, test));
  const notes = measured.flatMap(({ result, test }) => notesOf(run, result, test));
  return [table(rows), ...(notes.length > 0 ? [notes.join('\n')] : []), machineLine(run)]
    .map((part) => `${part}\n`)
    .join('\n');
}

function rowOf(run: BenchRun, result: CandidateResult, tested: TestResult): string[] {
  const { candidate, model, info } = result;
  const { mean, sd } = summary(tested)!;
  const rate = `${mean.toFixed(2)} ± ${(sd ?? 0).toFixed(2)}`;
  const struck = isStruck(flagsOf(tested, { ...result, clockMs: run.machine.clockMs }));
  return [
    [candidate.model, model?.quantization].filter(Boolean).join(' '),
    model ? formatBytes(model.size) : '',
    model?.parameters ?? '',
    candidateLabel(result),
    String(info?.threads ?? candidate.threads),
    testName(tested.test),
    struck ? `~~${rate}~~` : rate,
  ].map((text, at) => (HEAD[at] === 't/s' ? text : literalMarkdown(text, true)));
}

/** What the number means where it stands, and what is wrong with it. */
function notesOf(run: BenchRun, result: CandidateResult, tested: TestResult): string[] {
  const { clockMs, bandwidth } = run.machine;
  const name = `${result.candidate.model}, ${candidateLabel(result)}, ${testName(tested.test)}`;
  const flags = flagsOf(tested, { ...result, clockMs });
  const means = ceilingOf(result, tested.test, bandwidth) && !isStruck(flags);
  const sentences = [
    ...(means ? [resultSentence(result, tested, bandwidth) ?? ''] : []),
    ...flags.map((flag) => flagWords(flag).sentence),
  ];
  return sentences.map((sentence) => `- ${literalMarkdown(name)}: ${escapedMarkdown(sentence)}`);
}

function machineLine({ machine, started }: BenchRun): string {
  const { browser, cores, adapter, build } = machine;
  const parts = [
    literalMarkdown(browser),
    ...(cores > 0 ? [`${formatCount(cores)} cores`] : []),
    ...(adapter ? [literalMarkdown(adapter)] : []),
    started.slice(0, 10),
  ];
  return `build: ${literalMarkdown(build)}, ${parts.join(', ')}`;
}

function table(rows: string[][]): string {
  const widths = HEAD.map((head, at) =>
    Math.max(3, ...[head, ...rows.map((row) => row[at]!)].map((text) => text.length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((text, at) => (WORDS.has(HEAD[at]!) ? text.padEnd(widths[at]!) : text.padStart(widths[at]!))).join(' | ')} |`;
  const rule = widths.map((width, at) =>
    WORDS.has(HEAD[at]!) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(HEAD), line(rule), ...rows.map(line)].join('\n');
}
