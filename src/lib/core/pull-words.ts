/** What a download does, in words. */
import type { PullJob, PullWait } from '#core/paddock-api';

/** Of Ollama's statuses, those that have better words; others say themselves. */
const STATUSES: Record<string, string> = {
  '': 'Reading what there is to download',
  'pulling manifest': 'Reading what there is to download',
  'verifying sha256 digest': 'Checking what arrived against its digest',
  'writing manifest': 'Adding it to your models',
  'removing unused layers': 'Removing what no model needs any more',
  success: 'Adding it to your models',
};

/** As a line of its own; `title` is the model's name for people. Empty where the error says it all. */
export function pullWords({ state, status, waiting }: PullJob, title: string): string {
  switch (state) {
    case 'queued':
      return 'Waiting for another download to end';
    case 'running':
      if (waiting) return waitWords(waiting);
      return STATUSES[status] ?? (/^pulling /.test(status) ? `Downloading ${title}` : status);
    case 'paused':
      return 'Paused';
    case 'done':
      return `${title} is on this device.`;
    case 'failed':
      return '';
  }
}

/** Said once a wait: the seconds are those of all of it. */
function waitWords({ error, seconds, next_try, tries }: PullWait): string {
  const status = error.detail?.status;
  const lost = status ? `The host answers ${status}` : 'The connection was lost';
  const why = error.code === 'rate_limited' ? 'The host asks to wait' : lost;
  return `${why}. Next try after ${seconds} s (${next_try} of ${tries}).`;
}
