/** Words for what may be wrong with a number: what happened and why, then what to do about it. */
import type { Flag } from '#core/bench/flags';
import type { RedoReason } from '#core/bench/run';
import { formatCount } from '#core/format';
import { formatTokens } from '#core/format-words';
import type { Explanation } from '#core/sentences';

type Named<N extends Flag['name']> = Extract<Flag, { name: N }>;

const WRITERS: { [N in Flag['name']]: (flag: Named<N>) => Explanation } = {
  spread: ({ cv }) => ({
    sentence: `The repetitions differ by ${share(cv)} (coefficient of variation), since something else used this machine.`,
    remedy: 'Close what else is running and measure again.',
  }),
  drift: ({ slower }) => ({
    sentence: `The last repetition was ${share(slower)} slower than the first: the machine gets warm, or busy.`,
    remedy: 'Let it cool for some minutes and measure again.',
  }),
  clock: ({ steps }) => ({
    sentence: `It took only ${formatCount(steps)} steps of this browser’s clock, so the figure is coarse.`,
    remedy: 'Choose a set with longer tests.',
  }),
  counts: (flag) => ({
    sentence: countSentence(flag),
    remedy: 'Do not use this number: the engine’s counts cannot be trusted here.',
  }),
  engine_clock: ({ of, ratio }) => ({
    sentence: `The engine itself claims ${ratio > 1 ? 'more' : 'less'}: ${share(Math.abs(ratio - 1))} ${ratio > 1 ? 'above' : 'below'} what was measured for the ${of}.`,
    remedy: 'The figure shown is by Paddock’s clock; use that one.',
  }),
  cached: ({ cached, depth }) => ({
    sentence:
      cached > depth
        ? `The engine took ${formatTokens(cached, 'prompt')} from its cache instead of reading them.`
        : `Only ${formatCount(cached)} of the ${formatTokens(depth)} in front of this test were still in the engine’s cache.`,
    remedy: 'Do not use this number; measure again.',
  }),
  disagrees: ({ agreed, of }) => ({
    sentence: `The text is not the reference’s: ${formatCount(agreed)} of ${formatTokens(of)} agree, so what was fast was not this model’s work.`,
    remedy: 'Choose another engine or backend for this model.',
  }),
  backend: () => ({
    sentence: 'Another backend did the work than the one that the engine names.',
    remedy: 'Do not use this number; the Diagnostics page says what this device has.',
  }),
  abandoned: ({ repetitions, reasons }) => {
    const left = `${repetitions === 1 ? '1 repetition was' : `${formatCount(repetitions)} repetitions were`} left out`;
    if (reasons.every((reason) => reason === 'cached')) {
      return {
        sentence: `${left}, since ${redoClause('cached')}.`,
        remedy: 'Choose another engine or backend for this test.',
      };
    }
    if (reasons.includes('time')) {
      return {
        sentence: `${left}: ${reasons.map(redoClause).join(', ')}.`,
        remedy: 'Choose the standard set, which takes as long as it needs.',
      };
    }
    return {
      sentence: `${left}, each disturbed every time: ${reasons.map(redoClause).join(', ')}.`,
      remedy: 'Keep Paddock in one tab, in view, and measure again with nothing else going on.',
    };
  },
};

/** The sentence and the remedy of `flag`. */
export function flagWords<N extends Flag['name']>(flag: Named<N>): Explanation {
  return WRITERS[flag.name](flag);
}

const LABELS: Record<Flag['name'], string> = {
  spread: 'Uneven',
  drift: 'Slows down',
  clock: 'Coarse clock',
  counts: 'Wrong counts',
  engine_clock: 'Engine says otherwise',
  cached: 'Wrong cache',
  disagrees: 'Wrong text',
  backend: 'Wrong backend',
  abandoned: 'Left out',
};

/** Two or three words for `flag`, for a table. */
export function flagLabel({ name }: Pick<Flag, 'name'>): string {
  return LABELS[name];
}

const REDONE: Record<RedoReason, string> = {
  hidden: 'the tab was hidden',
  busy: 'Paddock had other work',
  throttled: 'the machine had become slower',
  cached: 'the engine’s cache held other tokens than the test needs',
  clock: 'the clock jumped',
  lost: 'the model was lost',
  time: 'the time that the set gives a candidate was over',
};

/** `the tab was hidden`: why a repetition was thrown away, within a sentence. */
export function redoClause(reason: RedoReason): string {
  return REDONE[reason];
}

function countSentence({ of, asked, came, said }: Named<'counts'>): string {
  if (of === 'prompt') {
    return `The engine read ${formatTokens(said, 'prompt')} where ${formatCount(asked)} were asked for.`;
  }
  if (came !== said) {
    return `${formatTokens(came)} arrived, and the engine says that it made ${formatCount(said)}.`;
  }
  return `${formatTokens(came)} arrived where ${formatCount(asked)} were asked for.`;
}

/** `4.2 %` of 0.042. */
function share(value: number): string {
  const percent = value * 100;
  return `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}
