/** Who may be asked, with which token, and who stands in for the hub: what the ways to other hosts go by. */
import { PaddockError } from '#core/errors';
import { HUB_URL, isHubHost, isLoopback } from '#core/pull-target';
import type { RegistryDb } from './db';
import { isAllowed } from './sources/policy';

export interface AccessOptions {
  db: Pick<RegistryDb, 'token' | 'tokenHosts' | 'putToken' | 'setting' | 'putSetting'>;
  /** Ends in `/`. */
  siteUrl: string;
  /** The sources of `connect-src` beside 'self'. */
  connect: readonly string[];
}

/** With a port where it has one. */
const HOST = /^[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_])?(:\d{1,5})?$/;
/** Visible ASCII: what a header can carry. */
const TOKEN = /^[!-~]{1,4096}$/;

export class Access {
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /** Ends in `/`. */
  get siteUrl(): string {
    return this.#options.siteUrl;
  }

  /** @throws PaddockError `host_not_allowed` (detail: url), before anybody is asked */
  requireAllowed(url: string): void {
    const { connect, siteUrl } = this.#options;
    if (isAllowed(url, connect, siteUrl)) return;
    const { host, hostname, origin, port } = new URL(url);
    if (hostname.startsWith('[') && isLoopback(host)) {
      const named = `localhost${port && `:${port}`}`;
      const message = `No site may ask ${host}: a policy cannot name it. Write ${named} instead.`;
      throw new PaddockError('host_not_allowed', message, { url: origin, instead: named });
    }
    const message = `This site may not ask ${host}: its policy does not allow that host.`;
    throw new PaddockError('host_not_allowed', message, { url: origin });
  }

  /** What goes with every request to this address's host, and to no other; undefined without a token for it. */
  async headersFor(url: string): Promise<Record<string, string> | undefined> {
    const token = await this.token(url);
    return token === null ? undefined : { Authorization: `Bearer ${token}` };
  }

  /** The token for this address's host; null without one. */
  token(url: string): Promise<string | null> {
    return this.#options.db.token(hostKey(new URL(url).host));
  }

  tokenHosts(): Promise<string[]> {
    return this.#options.db.tokenHosts();
  }

  /** Null forgets it. @throws PaddockError `bad_request`, which does not repeat the token */
  async setToken(host: string, token: string | null): Promise<void> {
    const key = hostKey(host);
    if (!HOST.test(key))
      throw new PaddockError('bad_request', '"host" must be a host, such as huggingface.co');
    if (token !== null && !TOKEN.test(token)) {
      throw new PaddockError(
        'bad_request',
        '"token" must be visible ASCII, at most 4,096 characters',
      );
    }
    await this.#options.db.putToken(key, token);
  }

  /** An address without a slash at its end; null: the hub itself. */
  mirror(): Promise<string | null> {
    return this.#options.db.setting('mirror');
  }

  /** @throws PaddockError `bad_request`, `host_not_allowed` */
  async setMirror(address: string | null): Promise<void> {
    await this.#options.db.putSetting(
      'mirror',
      address === null ? null : this.#readMirror(address),
    );
  }

  #readMirror(address: string): string | null {
    const url = URL.canParse(address) ? new URL(address) : null;
    const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.host));
    if (!url || !safe || url.username || url.password || url.search || url.hash) {
      const message = '"mirror" must be an https address, or an http one of this computer';
      throw new PaddockError('bad_request', message);
    }
    this.requireAllowed(url.href);
    return url.origin === HUB_URL ? null : url.href.replace(/\/+$/, '');
  }
}

/** The hub has two names and one token. */
function hostKey(host: string): string {
  // As a URL has it, which leaves out the port that goes without saying.
  const lower = host.toLowerCase().replace(/:443$/, '');
  return isHubHost(lower) ? new URL(HUB_URL).host : lower;
}
