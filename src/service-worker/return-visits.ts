/**
 * Answers whose status is not known yet, and how it shows that nobody waits for them any more. Chromium (156) tells a
 * service worker of an aborted fetch by cancelling the answer's stream and in no other way, `request.signal` stays
 * silent; and a stream has its status before it. So who waits is sent to the same path again, with 303: a fetch that goes
 * on comes back within milliseconds, without its body and without its caller's doing; one that was aborted does not.
 */
import { PaddockError } from '#core/errors';
import { within } from '#core/within';

/** Whom a returning request comes for. */
const PARAM = 'paddock-wait';

/** Milliseconds before who waits is sent round for the first time. */
const FIRST_MS = 300;

/** Each wait is as long as this share of what was waited before it. */
const SHARE = 0.5;

/** Chromium ends an event, and us, after 300,000. */
const LONGEST_MS = 200_000;

/** A fetch follows no more: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch. It makes some 16 minutes. */
const MOST_VISITS = 20;

/** Milliseconds in which a fetch comes back whose page is busy with something else; a page at rest takes some ten. */
const PATIENCE_MS = 5000;

export interface Waited<T> {
  answer: Promise<T>;
  /** Null: it is still not there, and the response begins without knowing its status. */
  respond(answer: T | null): Response;
  /** Nobody waits for it any more, and nobody else will respond. */
  left(): void;
}

interface Visit {
  waited: Waited<unknown>;
  visits: number;
  /** When the first one came. */
  since: number;
  /** Of who does not come back. */
  missing?: ReturnType<typeof setTimeout>;
}

export class ReturnVisits {
  readonly #away = new Map<string, Visit>();

  /** What a fetch to `url` is told, that waits for this. @throws what the answer says */
  first<T>(url: string, { answer, respond, left }: Waited<T>): Promise<Response> {
    answer.catch(() => {}); // where nobody is there to hear it, the next visit does
    const waited = { answer, respond: (known: unknown) => respond(known as T | null), left };
    return this.#wait(url, { waited, visits: 0, since: Date.now() });
  }

  /** The same for one that comes back; null: it does not. @throws PaddockError `aborted`: nobody knows it any more */
  again(url: string): Promise<Response> | null {
    const id = new URL(url).searchParams.get(PARAM);
    if (id === null) return null;
    const visit = this.#away.get(id);
    if (!visit) {
      const words = 'The answer to this request was given up. Ask again.';
      return Promise.reject(new PaddockError('aborted', words));
    }
    this.#away.delete(id);
    clearTimeout(visit.missing);
    return this.#wait(url, visit);
  }

  async #wait(url: string, visit: Visit): Promise<Response> {
    const { answer, respond, left } = visit.waited;
    const before = Date.now() - visit.since;
    const ms = Math.min(Math.max(FIRST_MS, before * SHARE), LONGEST_MS);
    const known = await within(ms, answer, () => null);
    if (known !== null || visit.visits === MOST_VISITS) return respond(known);
    visit.visits++;
    const id = crypto.randomUUID();
    this.#away.set(id, visit);
    visit.missing = setTimeout(() => {
      this.#away.delete(id);
      left();
    }, PATIENCE_MS);
    const next = new URL(url);
    next.searchParams.set(PARAM, id);
    return Response.redirect(next.href, 303);
  }
}
