/** What a download does, in words. */
import * as m from '#core/messages/pulls';
import type { PullJob, PullWait } from '#core/paddock-api';

/** Of Ollama's statuses, those that have better words; others say themselves. */
const STATUSES: Record<string, () => string> = {
  '': m.pulls_reading,
  'pulling manifest': m.pulls_reading,
  'verifying sha256 digest': m.pulls_checking,
  'writing manifest': m.pulls_adding,
  'removing unused layers': m.pulls_removing,
  success: m.pulls_adding,
};

/** As a line of its own; `title` is the model's name for people. Empty where the error says it all. */
export function pullWords({ state, status, waiting }: PullJob, title: string): string {
  switch (state) {
    case 'queued':
      return m.pulls_queued();
    case 'running':
      if (waiting) return waitWords(waiting);
      if (STATUSES[status]) return STATUSES[status]();
      return /^pulling /.test(status) ? m.pulls_downloading({ title }) : status;
    case 'paused':
      return m.pulls_paused();
    case 'done':
      return m.pulls_done({ title });
    case 'failed':
      return '';
  }
}

/** Said once a wait: the seconds are those of all of it. */
function waitWords({ error, seconds, next_try, tries }: PullWait): string {
  const status = error.detail?.status;
  const next = { seconds, next: next_try, tries };
  if (error.code === 'rate_limited') return m.pulls_wait_asked(next);
  return status
    ? m.pulls_wait_status({ ...next, status: String(status) })
    : m.pulls_wait_lost(next);
}
