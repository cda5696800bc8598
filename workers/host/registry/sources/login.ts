/**
 * The distribution specification's token authentication: a registry that answers 401 names a realm, which gives those
 * who ask a token for one repository. Anybody may run a registry and name any realm, so it is asked without cookies and
 * without tokens of its own host, and no stranger's registry leads to this computer or to this site: what is answered
 * there would go to the registry.
 */
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { isLoopback } from '#core/pull-target';
import type { Access } from '../access';
import { fetchText } from './limited';
import { isSameSite } from './same-site';

/** Bytes of the realm's answer; tokens have 1 to 8 kB. */
const MAX_ANSWER = 64 * 1024;
/** Visible ASCII: what a header can carry. */
const TOKEN = /^[!-~]{1,16384}$/;
/** Letters of a service and a scope: real ones have some 60. */
const MAX_WORDS = 1024;

interface Challenge {
  registry: URL;
  realm: URL;
}

/** Of one pull, with one registry; what it was given is forgotten with it. */
export class Login {
  readonly #access: Access;
  readonly #fetch: typeof globalThis.fetch;
  #challenge: Challenge | undefined;
  #token = '';

  /** `fetch`: the gate's. */
  constructor(access: Access, fetch: typeof globalThis.fetch) {
    this.#access = access;
    this.#fetch = (input, init) =>
      fetch(input, { ...init, credentials: 'omit', redirect: 'error', cache: 'no-store' });
  }

  /** What goes with a request to the registry; undefined for every other host, and before it was asked for. */
  headersFor(url: string): Record<string, string> | undefined {
    if (!this.#token || new URL(url).origin !== this.#challenge?.registry.origin) return undefined;
    return { Authorization: `Bearer ${this.#token}` };
  }

  /**
   * Gets what the registry at `url` wants, by its `WWW-Authenticate`; false where that asks for something else, or was
   * not to be read. @throws PaddockError `unauthorized`, `host_not_allowed` (both of the realm), `network`, `aborted`
   */
  async answer(url: string, header: string | null, signal: AbortSignal): Promise<boolean> {
    const words = readChallenge(header ?? '');
    if (!words?.realm) return false;
    const registry = new URL(url);
    const realm = this.#requireRealm(words.realm, registry);
    for (const name of ['service', 'scope']) {
      if (words[name]) realm.searchParams.set(name, words[name].slice(0, MAX_WORDS));
    }
    this.#challenge = { registry, realm };
    this.#token = await this.#exchange(this.#challenge, signal);
    return true;
  }

  /** Tokens live for minutes: another one, where one was wanted. @throws PaddockError as `answer` */
  async renew(signal: AbortSignal): Promise<void> {
    if (this.#challenge) this.#token = await this.#exchange(this.#challenge, signal);
  }

  #requireRealm(text: string, registry: URL): URL {
    const realm = URL.canParse(text) ? new URL(text) : null;
    const local = realm !== null && isLoopback(realm.host);
    const safe = realm?.protocol === 'https:' || (realm?.protocol === 'http:' && local);
    const own = realm?.origin === new URL(this.#access.siteUrl).origin;
    const strange = (local && !isLoopback(registry.host)) || (own && realm.host !== registry.host);
    if (!safe || strange || realm.username || realm.password) {
      const message = `${registry.host} wants a token from an address that is not safe to ask.`;
      throw new PaddockError('unauthorized', message, { url: registry.origin, status: 401 });
    }
    this.#access.requireAllowed(realm.href);
    realm.hash = '';
    return realm;
  }

  async #exchange({ registry, realm }: Challenge, signal: AbortSignal): Promise<string> {
    const shown = realm.origin + realm.pathname;
    const known = isSameSite(registry, realm) ? await this.#access.token(registry.href) : null;
    const headers: Record<string, string> = known === null ? {} : { Authorization: basic(known) };
    const answer = await this.#ask(realm.href, shown, headers, signal);
    const token = answer.status === 200 ? tokenIn(answer.text) : null;
    if (token !== null) return token;
    const message = `${realm.host} gives no token: it answers ${answer.status}.`;
    throw new PaddockError('unauthorized', message, { url: shown, status: 401 });
  }

  async #ask(url: string, shown: string, headers: Record<string, string>, signal: AbortSignal) {
    try {
      return await fetchText(this.#fetch, url, MAX_ANSWER, signal, headers);
    } catch (error) {
      if (!(error instanceof PaddockError) || error.code === 'aborted') throw error;
      throw new PaddockError(error.code, error.message, { ...error.detail, url: shown });
    }
  }
}

/** The parameters of the `Bearer` challenge among those of a header; the first of a name counts. */
function readChallenge(header: string): Record<string, string> | null {
  const [, bearer] = /(?:^|,\s*)Bearer\s+(.*)$/is.exec(header) ?? [];
  if (bearer === undefined) return null;
  const found = [...bearer.matchAll(/([a-z_]+)=(?:"([^"\\]*)"|([^\s",]+))/gi)].reverse();
  const words = found.map(([, name, quoted, bare]) => [name!.toLowerCase(), quoted ?? bare ?? '']);
  return Object.fromEntries(words) as Record<string, string>;
}

/** `user:password` as it is; a token alone has any user, as registries that give such tokens want it. */
function basic(token: string): string {
  return `Basic ${btoa(token.includes(':') ? token : `token:${token}`)}`;
}

function tokenIn(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const token = isObject(value) ? (value.token ?? value.access_token) : null;
    return typeof token === 'string' && TOKEN.test(token) ? token : null;
  } catch {
    return null; // a page
  }
}
