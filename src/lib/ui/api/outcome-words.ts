import * as m from '#core/messages/api';
import { formatBytes, formatDuration } from '#core/format';
import type { Exchange } from '$lib/client/recorded-fetch';
import type { ExampleRun } from '$lib/state/example-run.svelte';

const ENDS = {
  done: m.api_run_done,
  stopped: m.api_run_stopped,
  failed: m.api_run_failed,
};

/** How a run stands, or how it ended, in a line. */
export function outcomeText({ state, ms }: Pick<ExampleRun, 'state' | 'ms'>): string {
  if (state === 'running' || ms === null) return m.api_running();
  return ENDS[state]({ time: formatDuration(ms) });
}

/** What the two boxes of an exchange are called; `number` where there are several. */
export function wireWords(number: number | null) {
  if (number === null) {
    return {
      request: { title: m.api_request(), copy: m.api_request_copy() },
      response: { title: m.api_response(), copy: m.api_response_copy() },
    };
  }
  const said = { number };
  return {
    request: { title: m.api_request_number(said), copy: m.api_request_number_copy(said) },
    response: { title: m.api_response_number(said), copy: m.api_response_number_copy(said) },
  };
}

/** The request as HTTP writes it, its path from the site's root. */
export function requestText({ method, url, headers, body }: Exchange): string {
  const { pathname, search } = new URL(url);
  const head = [`${method} ${pathname}${search}`, ...headers.map((one) => one.join(': '))];
  return [...head, ...(body === '' ? [] : ['', body])].join('\n');
}

/** `200 · application/x-ndjson · 34 kB · 1.2 s`. */
export function answerTitle({ status, type, answer, ms }: Exchange): string {
  if (status === null) return m.api_waiting();
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
  const gap = `\n${m.api_left_out({ count: left })}\n`;
  return answer.slice(0, START) + gap + answer.slice(-END);
}
