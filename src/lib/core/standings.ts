/** What votes on two replies say of the models that wrote them. */
import { percentile } from '#core/statistics';

/** Of a vote, what counts. */
export interface Ballot {
  vote: 'left' | 'right' | 'tie' | 'neither';
  sides: readonly [Contender, Contender];
}

export interface Contender {
  model: string;
  /** `evalMs`: milliseconds in which the tokens were written. */
  stats?: { replyTokens: number; evalMs: number };
}

export interface Standing {
  model: string;
  wins: number;
  losses: number;
  ties: number;
  bothBad: number;
  /** The median of its replies' tokens a second; null: none was measured. */
  rate: number | null;
}

/** Those who won most often, of those who met another model, first. A model beside itself tells nothing. */
export function standings(ballots: readonly Ballot[]): Standing[] {
  const table = new Map<string, Standing & { rates: number[] }>();
  for (const { vote, sides } of ballots) {
    if (sides[0].model === sides[1].model) continue;
    sides.forEach(({ model, stats }, place) => {
      const row = table.get(model) ?? none(model);
      table.set(model, row);
      if (vote === 'tie') row.ties++;
      else if (vote === 'neither') row.bothBad++;
      else if ((vote === 'left') === (place === 0)) row.wins++;
      else row.losses++;
      const rate = stats && rateOf(stats);
      if (rate) row.rates.push(rate);
    });
  }
  return [...table.values()]
    .map(({ rates, ...row }) => ({
      ...row,
      rate: rates.length > 0 ? percentile(rates, 0.5) : null,
    }))
    .sort((a, b) => score(b) - score(a) || b.wins - a.wins || (a.model < b.model ? -1 : 1));
}

/** Tokens a second; null where nothing was measured. */
export function rateOf({ replyTokens, evalMs }: { replyTokens: number; evalMs: number }) {
  return evalMs > 0 && replyTokens > 0 ? (replyTokens * 1000) / evalMs : null;
}

/** 0 to 1: a tie is half a win; both bad is a loss of both. */
function score({ wins, losses, ties, bothBad }: Standing): number {
  return (wins + ties / 2) / (wins + losses + ties + bothBad);
}

function none(model: string) {
  return { model, wins: 0, losses: 0, ties: 0, bothBad: 0, rate: null, rates: [] };
}
