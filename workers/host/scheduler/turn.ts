/** One request's way: it waits, has its model to itself, and gives it back. What it loses on the way is seen to. */
import type { Lease } from './lease';
import { LeasedRunner } from './leased-runner';
import type { Waiter } from './line';
import type { LoadedRunner } from './loaded-runner';
import { isWorthRebuilding, type Recovery } from './recovery';

export interface TurnHouse {
  recovery: Recovery;
  /** The waiter waits; resolves with what it may use. */
  enter(): Promise<LoadedRunner>;
  /** Called once when it uses nothing any more; `rebuild`: its model was lost, and is worth another load. */
  released(rebuild: boolean): void;
}

export async function takeTurn(waiter: Waiter, house: TurnHouse): Promise<Lease> {
  const { recovery } = house;
  let loaded = await house.enter();
  let rebuild = false;
  let released = false;

  const failed = async (error: unknown, begun: boolean) => {
    const lost = loaded;
    const { keepAliveMs } = lost;
    waiter.request = { ...waiter.request, keepAliveMs }; // what loads again stays as long
    let again: Promise<LoadedRunner> | undefined;
    try {
      if (begun || waiter.missed || !lost.runner.missed(error)) {
        recovery.tryAgain(error, waiter, { info: lost.info, begun });
      }
      waiter.missed = true;
      again = house.enter();
    } catch (told) {
      rebuild = !lost.isUnwanted && keepAliveMs > 0 && isWorthRebuilding(told);
      throw told;
    } finally {
      // Before anybody hears of it: who asks then for what is loaded must not be told of a dead model.
      if (recovery.isLoss(error)) lost.end();
    }
    loaded = await again;
  };

  return {
    runner: new LeasedRunner({
      runner: () => loaded.runner,
      good: () => recovery.good(waiter.request),
      failed,
    }),
    get loadMs() {
      return waiter.loadMs;
    },
    reading(prompt) {
      if (released) return; // by then the turn is another's
      loaded.prompt = prompt;
      loaded.writing = prompt === null;
    },
    release() {
      if (released) return;
      released = true;
      loaded.free();
      house.released(rebuild);
    },
  };
}
