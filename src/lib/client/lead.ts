/** This tab's place in the queue for the lead. Knows nothing of hosts but the names of their locks. */
import { isAbort } from '#core/errors';
import { LEADER_LOCK, ROB_LOCK } from '#core/locks';
import { lookAtHouse, sameHouse, type House } from './house';

/** What a tab does while it leads. */
export interface Term {
  /** Called when the lead is this tab's; when it rejects, the lead is given up. */
  begin(): Promise<void>;
  /** Called when another tab has taken the lead by force. */
  end(): void;
  /** Called when `begin` rejected: this tab neither leads nor queues. */
  fail(error: unknown): void;
}

export class Lead {
  readonly #term: Term;
  #queued: AbortController | undefined;
  #leads = false;

  constructor(term: Term) {
    this.#term = term;
  }

  /** Leads if nobody else does, and otherwise queues; true when this tab leads. @throws what `begin` throws */
  enter(): Promise<boolean> {
    return this.#request({ ifAvailable: true });
  }

  /**
   * Takes the lead and the host's lock from a tab that does not answer, unless another was quicker: `seen` is
   * the house that was silent. Everybody who waits for that host's end learns of it.
   */
  async rob(seen: House): Promise<void> {
    let begun: Promise<boolean> | undefined;
    await navigator.locks.request(ROB_LOCK, async () => {
      if (this.#leads || !seen.leader || !sameHouse(seen, await lookAtHouse())) return;
      begun = this.#request({ steal: true });
      begun.catch(() => {}); // looked at below, once the host's lock is free
      if (seen.host) await navigator.locks.request(seen.host, { steal: true }, () => {});
    });
    await begun;
  }

  #queue(): void {
    this.#queued = new AbortController();
    // It rejects when this tab leads by force and gives its place up, and with what `fail` is told.
    this.#request({ signal: this.#queued.signal }).catch(() => {});
  }

  /** Resolves once the term has begun; false when the lock is not available, or was stolen meanwhile. */
  #request(options: LockOptions): Promise<boolean> {
    let held = false;
    return new Promise((resolve, reject) => {
      const lead = async (lock: Lock | null) => {
        if (!lock) {
          this.#queue();
          return resolve(false);
        }
        held = this.#leads = true;
        if (options.steal) this.#queued?.abort();
        await this.#term.begin();
        resolve(true);
        await new Promise(() => {}); // held until the tab closes, or another robs it
      };
      navigator.locks.request(LEADER_LOCK, options, lead).catch((error: unknown) => {
        if (held) this.#leads = false;
        if (held && isAbort(error)) {
          this.#term.end();
          this.#queue();
          return resolve(false);
        }
        if (held) this.#term.fail(error);
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }
}
