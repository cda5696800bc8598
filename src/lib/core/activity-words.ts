/** What a model does before it writes, in words. */
import type { Activity } from '#core/engine';
import { formatBytes, formatCount, percent } from '#core/format';
import { formatTokens } from '#core/format-words';

export interface ActivityWords {
  /** A line of its own. */
  text: string;
  /** Of the bar, 0 to 100; null where nobody counts. */
  part: number | null;
  /** What the bar is of. */
  label: string;
}

/** @param title the model's name for people */
export function activityWords({ phase, done, total }: Activity, title: string): ActivityWords {
  const part = total > 0 ? percent(done, total) : null;
  switch (phase) {
    case 'load': {
      const so = part === null ? '.' : `: ${part} % (${ofBytes(done, total)}).`;
      return { text: `${title} is loading${so}`, part, label: `Loading ${title}` };
    }
    case 'shaders': {
      const label = 'Preparing the graphics adapter';
      const so = part === null ? '.' : `: ${formatCount(done)} of ${formatCount(total)} shaders.`;
      return { text: label + so, part, label };
    }
    case 'warmup':
      return { text: `${title} is warming up.`, part, label: `Warming up ${title}` };
    case 'prompt': {
      const label = 'Reading the prompt';
      const so = part === null ? '.' : `: ${formatCount(done)} of ${formatTokens(total)}.`;
      return { text: label + so, part, label };
    }
  }
}

/** `310 of 690 MB`, `980 kB of 1.2 GB`. */
function ofBytes(done: number, total: number): string {
  const [value, unit] = formatBytes(done).split(' ');
  const whole = formatBytes(total);
  return whole.endsWith(` ${unit}`) ? `${value} of ${whole}` : `${value} ${unit} of ${whole}`;
}
