/** Figures with words around them. Apart from `format.ts`, which the first page has. */
import { formatDuration } from '#core/format';
import { spoken } from '#core/language';
import * as m from '#core/messages/amounts';

/** `3 min left`, from seconds. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 1) return m.amounts_left_moment();
  const whole = Math.ceil(seconds);
  return m.amounts_left({ time: whole < 60 ? `${whole} s` : formatDuration(whole * 1000) });
}

/** `1 token`, `5,120 tokens`; with a kind, `34 prompt tokens`. */
export function formatTokens(count: number, kind?: 'prompt' | 'reply'): string {
  const said = { count: Math.round(count) };
  if (kind === 'prompt') return m.amounts_tokens_prompt(said);
  return kind === 'reply' ? m.amounts_tokens_reply(said) : m.amounts_tokens(said);
}

const DAY_MS = 86_400_000;

/** `just now`, `12 min ago`, `yesterday`, `3 days ago`, then the date; both in milliseconds since the epoch. */
export function formatAgo(at: number, now: number): string {
  const passed = now - at;
  if (passed < 60_000) return m.amounts_now();
  if (passed < 3_600_000) return m.amounts_minutes_ago({ count: Math.floor(passed / 60_000) });
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days === 0) return m.amounts_hours_ago({ count: Math.floor(passed / 3_600_000) });
  if (days === 1) return m.amounts_yesterday();
  if (days < 7) return m.amounts_days_ago({ count: days });
  return new Date(at).toLocaleDateString(spoken().dates, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
