/** What no sample tells of, and what disturbs it spoils all the same: loads, and the comparison of answers. */
import type { RedoReason } from '#core/bench/run';
import { isAbort } from '#core/errors';
import { guardClocks } from './guard';
import type { BenchHouse } from './house';

/** Times that it is done again; a repetition too. */
export const MOST_AGAIN = 3;

export interface Disturbable<T> {
  /** Resolves when nothing disturbs. */
  calm(): Promise<void>;
  work(signal: AbortSignal): Promise<T>;
  /** It was disturbed: frees what it holds, since it makes room for what disturbs it. */
  spoiled(): void;
}

/**
 * Does `work` until nothing disturbed it. What does stops it at once, but for the last time: what follows needs it done,
 * and then `disturbed` says by what. @throws PaddockError what `work` says
 */
export async function undisturbed<T>(
  house: Pick<BenchHouse, 'disturbances' | 'now' | 'wallClock'>,
  { calm, work, spoiled }: Disturbable<T>,
  signal: AbortSignal,
): Promise<{ value: T; disturbed: RedoReason | null }> {
  for (let again = 0; ; again++) {
    await calm();
    const isLast = again === MOST_AGAIN;
    const watching = house.disturbances.watch();
    const clocks = guardClocks(house);
    try {
      const value = await work(isLast ? signal : AbortSignal.any([signal, watching.signal]));
      const disturbed = watching.seen ?? clocks();
      if (!disturbed || isLast) return { value, disturbed };
    } catch (error) {
      if (signal.aborted || !watching.seen || !isAbort(error)) throw error;
    } finally {
      watching.stop();
    }
    spoiled();
  }
}
