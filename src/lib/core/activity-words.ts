/** What a model does before it writes, in words. */
import type { Activity } from '#core/engine';
import { formatBytes, formatCount, percent } from '#core/format';
import { formatTokens } from '#core/format-words';
import * as m from '#core/messages/activity';

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
      const text =
        part === null
          ? m.activity_load({ title })
          : m.activity_load_part({ title, percent: part, ...inBytes(done, total) });
      return { text, part, label: m.activity_loading({ title }) };
    }
    case 'shaders': {
      const text =
        part === null ? m.activity_shaders_begun() : m.activity_shaders_part(inCounts(done, total));
      return { text, part, label: m.activity_shaders() };
    }
    case 'warmup':
      return { text: m.activity_warmup({ title }), part, label: m.activity_warming({ title }) };
    case 'prompt': {
      const text =
        part === null
          ? m.activity_prompt_begun()
          : m.activity_prompt_part({ done: formatCount(done), total: formatTokens(total) });
      return { text, part, label: m.activity_prompt() };
    }
  }
}

function inCounts(done: number, total: number) {
  return { done: formatCount(done), total: formatCount(total) };
}

/** `310` of `690 MB`, `980 kB` of `1.2 GB`. */
function inBytes(done: number, total: number) {
  const [value, unit] = formatBytes(done).split(' ');
  const whole = formatBytes(total);
  return { done: whole.endsWith(` ${unit}`) ? `${value}` : `${value} ${unit}`, total: whole };
}
