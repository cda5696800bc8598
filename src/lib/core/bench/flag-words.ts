/** Words for what may be wrong with a number: what happened and why, then what to do about it. */
import type { Flag } from '#core/bench/flags';
import type { RedoReason } from '#core/bench/run';
import { formatCount, formatFixed } from '#core/format';
import { formatTokens } from '#core/format-words';
import * as m from '#core/messages/bench';
import type { Explanation } from '#core/sentences';

type Named<N extends Flag['name']> = Extract<Flag, { name: N }>;

const WRITERS: { [N in Flag['name']]: (flag: Named<N>) => Explanation } = {
  spread: ({ cv }) => ({
    sentence: m.bench_spread({ share: share(cv) }),
    remedy: m.bench_spread_do(),
  }),
  drift: ({ slower }) => ({
    sentence: m.bench_drift({ share: share(slower) }),
    remedy: m.bench_drift_do(),
  }),
  clock: ({ steps }) => ({
    sentence: m.bench_clock({ count: Math.round(steps) }),
    remedy: m.bench_clock_do(),
  }),
  counts: (flag) => ({ sentence: countSentence(flag), remedy: m.bench_counts_do() }),
  engine_clock: (flag) => ({ sentence: claimSentence(flag), remedy: m.bench_claims_do() }),
  cached: ({ cached, depth }) => ({
    sentence:
      cached > depth
        ? m.bench_cached_more({ tokens: formatTokens(cached, 'prompt') })
        : m.bench_cached_less({ cached: formatCount(cached), tokens: formatTokens(depth) }),
    remedy: m.bench_cached_do(),
  }),
  disagrees: ({ agreed, of }) => ({
    sentence: m.bench_disagrees({ agreed: formatCount(agreed), tokens: formatTokens(of) }),
    remedy: m.bench_disagrees_do(),
  }),
  backend: () => ({ sentence: m.bench_backend(), remedy: m.bench_backend_do() }),
  abandoned: ({ repetitions: count, reasons }) => {
    if (reasons.every((reason) => reason === 'cached')) {
      return { sentence: m.bench_left_cached({ count }), remedy: m.bench_left_cached_do() };
    }
    const said = { count, reasons: reasons.map(redoClause).join(', ') };
    return reasons.includes('time')
      ? { sentence: m.bench_left_time(said), remedy: m.bench_left_time_do() }
      : { sentence: m.bench_left_disturbed(said), remedy: m.bench_left_disturbed_do() };
  },
};

/** The sentence and the remedy of `flag`. */
export function flagWords<N extends Flag['name']>(flag: Named<N>): Explanation {
  return WRITERS[flag.name](flag);
}

const LABELS: Record<Flag['name'], () => string> = {
  spread: m.bench_spread_label,
  drift: m.bench_drift_label,
  clock: m.bench_clock_label,
  counts: m.bench_counts_label,
  engine_clock: m.bench_claims_label,
  cached: m.bench_cached_label,
  disagrees: m.bench_disagrees_label,
  backend: m.bench_backend_label,
  abandoned: m.bench_left_label,
};

/** Two or three words for `flag`, for a table. */
export function flagLabel({ name }: Pick<Flag, 'name'>): string {
  return LABELS[name]();
}

const REDONE: Record<RedoReason, () => string> = {
  hidden: m.bench_redo_hidden,
  busy: m.bench_redo_busy,
  throttled: m.bench_redo_throttled,
  cached: m.bench_redo_cached,
  clock: m.bench_redo_clock,
  lost: m.bench_redo_lost,
  time: m.bench_redo_time,
};

/** `the tab was hidden`: why a repetition was thrown away, within a sentence. */
export function redoClause(reason: RedoReason): string {
  return REDONE[reason]();
}

function countSentence({ of, asked: wanted, came, said }: Named<'counts'>): string {
  const asked = formatCount(wanted);
  if (of === 'prompt') return m.bench_counts_read({ said: formatTokens(said, 'prompt'), asked });
  return came === said
    ? m.bench_counts_came({ came: formatTokens(came), asked })
    : m.bench_counts_said({ came: formatTokens(came), said: formatCount(said) });
}

function claimSentence({ of, ratio }: Named<'engine_clock'>): string {
  const said = { share: share(Math.abs(ratio - 1)) };
  if (of === 'prompt') {
    return ratio > 1 ? m.bench_claims_more_prompt(said) : m.bench_claims_less_prompt(said);
  }
  return ratio > 1 ? m.bench_claims_more_reply(said) : m.bench_claims_less_reply(said);
}

/** `4.2 %` of 0.042. */
function share(value: number): string {
  const percent = value * 100;
  return `${formatFixed(percent, percent < 9.95 ? 1 : 0)} %`;
}
