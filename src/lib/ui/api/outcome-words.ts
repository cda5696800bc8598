import { formatBytes, formatDuration } from '#core/format';
import type { Exchange } from '$lib/client/recorded-fetch';
import type { ExampleRun } from '$lib/state/example-run.svelte';

const ENDS = { done: 'Done in', stopped: 'Stopped after', failed: 'Failed after' };

/** How a run stands, or how it ended, in a line. */
export function outcomeText({ state, ms }: Pick<ExampleRun, 'state' | 'ms'>): string {
  return state === 'running' || ms === null ? 'Running…' : `${ENDS[state]} ${formatDuration(ms)}.`;
}

/** The request as HTTP writes it, its path from the site's root. */
export function requestText({ method, url, headers, body }: Exchange): string {
  const { pathname, search } = new URL(url);
  const head = [`${method} ${pathname}${search}`, ...headers.map((one) => one.join(': '))];
  return [...head, ...(body === '' ? [] : ['', body])].join('\n');
}

/** `200 · application/x-ndjson · 34 kB · 1.2 s`. */
export function answerTitle({ status, type, answer, ms }: Exchange): string {
  if (status === null) return 'Waiting for the answer…';
  const [media] = type.split(';');
  const facts = [String(status), media, formatBytes(new Blob([answer]).size)];
  return [...facts, ms === null ? '' : formatDuration(ms)].filter(Boolean).join(' · ');
}

/** Characters of a long answer that are shown, from its start and from its end. */
const START = 4000;
const END = 16_000;

/** As much of an answer as can be drawn many times a second. */
export function shownAnswer(answer: string): string {
  const left = answer.length - START - END;
  if (left <= 0) return answer;
  const gap = `\n… ${left.toLocaleString('en-US')} characters more, which Copy has …\n`;
  return answer.slice(0, START) + gap + answer.slice(-END);
}
