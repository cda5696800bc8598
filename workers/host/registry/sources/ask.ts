/** Requests to other hosts: within the policy, with the host's own token, and with errors that say what is the matter. */
import { PaddockError } from '#core/errors';
import { isHubHost } from '#core/pull-target';
import type { Access } from '../access';
import { failureAt, fetchText, patience, type Answer } from './limited';
import { Login } from './login';

export interface Probe {
  status: number;
  headers: Headers;
}

export class Ask {
  readonly #access: Access;
  readonly #fetch: typeof globalThis.fetch;
  readonly #login: Login | undefined;

  /** `fetch`: the gate's. */
  constructor(access: Access, fetch: typeof globalThis.fetch, login?: Login) {
    this.#access = access;
    this.#fetch = fetch;
    this.#login = login;
  }

  /** For one pull of a registry, which may want a token of its own: it is got, used, and forgotten with the result. */
  ofRegistry(): Ask {
    return new Ask(this.#access, this.#fetch, new Login(this.#access, this.#fetch));
  }

  /** See `Access.headersFor`; what a registry wanted and got comes first. */
  async headersFor(url: string): Promise<Record<string, string> | undefined> {
    return this.#login?.headersFor(url) ?? (await this.#access.headersFor(url));
  }

  /** The same for a transfer that begins now, and may take long. @throws PaddockError as `text` */
  async freshHeaders(
    url: string,
    signal: AbortSignal,
  ): Promise<Record<string, string> | undefined> {
    await this.#login?.renew(signal);
    return this.headersFor(url);
  }

  /**
   * At most `limit` bytes of text; every status but 401, 403 and 429 is an answer.
   * @throws PaddockError `host_not_allowed`, `unauthorized`, `rate_limited`, `no_cors`, `network`, `network_off`, `aborted`
   */
  async text(url: string, limit: number, signal: AbortSignal, accept?: string): Promise<Answer> {
    this.#access.requireAllowed(url);
    const fetch = (_: unknown, init?: RequestInit) => this.#request(url, init);
    const send = (token: Record<string, string> | undefined) =>
      fetchText(fetch, url, limit, signal, { ...token, ...(accept && { Accept: accept }) });
    try {
      return refuse(url, await this.#loggedIn(url, signal, send));
    } catch (error) {
      throw named(url, error);
    }
  }

  /** The head of an answer, and no byte of its body. @throws PaddockError as `text` */
  async head(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Probe> {
    this.#access.requireAllowed(url);
    const { signal, wait } = patience(url, init.signal);
    const send = async (token: Record<string, string> | undefined): Promise<Probe> => {
      const headers = { ...(init.headers as Record<string, string>), ...token };
      const options: RequestInit = { cache: 'no-cache', ...init, headers, signal };
      const response = await wait(this.#request(url, options));
      await response.body?.cancel();
      return { status: response.status, headers: response.headers };
    };
    try {
      return refuse(url, await this.#loggedIn(url, init.signal, send));
    } catch (error) {
      throw named(url, error instanceof PaddockError ? error : failureAt(url, error, init.signal));
    }
  }

  /** What `send` brings; once more with the token that a registry wanted. */
  async #loggedIn<T extends Probe>(
    url: string,
    signal: AbortSignal,
    send: (token: Record<string, string> | undefined) => Promise<T>,
  ): Promise<T> {
    const first = await send(await this.headersFor(url));
    if (first.status !== 401 || !this.#login) return first;
    const wanted = first.headers.get('www-authenticate');
    const got = await this.#login.answer(url, wanted, signal);
    return got ? send(await this.headersFor(url)) : first;
  }

  /**
   * A browser tells a host that is away and one that lets nobody read apart only by a blind request. When that is
   * answered, the host may have come back in between: so it is asked once more.
   */
  async #request(url: string, init: RequestInit = {}): Promise<Response> {
    let answers: boolean | null;
    try {
      return await this.#fetch(url, init);
    } catch (error) {
      answers = error instanceof TypeError ? await this.#answers(url, init.signal) : false;
      if (answers === false) throw error;
    }
    try {
      return await this.#fetch(url, init);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new PaddockError(
        'no_cors',
        `${new URL(url).host} does not let other sites read its files (CORS).`,
        answers === null ? { unsure: true } : {},
      );
    }
  }

  /** Null where nobody can tell: an isolated page may not even ask blindly. The hub is known to let others read. */
  async #answers(url: string, signal?: AbortSignal | null): Promise<boolean | null> {
    try {
      await this.#fetch(url, { mode: 'no-cors', method: 'HEAD', signal });
      return true;
    } catch {
      const closed = globalThis.crossOriginIsolated && !isHubHost(new URL(url).host);
      return closed && navigator.onLine ? null : false;
    }
  }
}

function refuse<T extends { status: number }>(url: string, answer: T): T {
  const { status } = answer;
  const detail = { url, status };
  if (status === 401 || status === 403) {
    throw new PaddockError('unauthorized', `${new URL(url).host} answers ${status}.`, detail);
  }
  if (status === 429) {
    throw new PaddockError('rate_limited', `${new URL(url).host} answers ${status}.`, detail);
  }
  return answer;
}

/** A query may hold a signature, which is nobody else's. */
function named(url: string, error: unknown): unknown {
  if (!(error instanceof PaddockError) || error.code === 'aborted') return error;
  // A realm that was asked instead has named itself.
  const shown = withoutQuery(String(error.detail.url ?? url));
  return new PaddockError(error.code, error.message, { ...error.detail, url: shown });
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0]!;
}
