/** What a page and its workers, theirs included, keep in memory, as the browser's debugger says. */
import type { CDPSession, Page } from '@playwright/test';

type Send = (method: string, params?: object) => Promise<unknown>;

interface Attached {
  sessionId: string;
  targetInfo: { title: string };
}

interface HeapUsage {
  usedSize: number;
  backingStorageSize: number;
}

interface Answer {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
}

/** Bytes by the worker's name; the page is `page`. */
export type Sizes = Map<string, number>;

/** Follows `page` and every worker that it, or one of its workers, starts. */
export class Heap {
  readonly #page: Send;
  readonly #workers = new Map<string, { name: string; send: Send; parent?: string }>();
  readonly #answers = new Map<number, (result: unknown) => void>();
  /** The session of each answer that is waited for. */
  readonly #asked = new Map<number, string>();
  #nextId = 1;

  private constructor(session: CDPSession) {
    this.#page = (method, params) => session.send(method as 'Runtime.enable', params);
    session.on('Target.attachedToTarget', (event) => this.#attached(this.#page, event));
    session.on('Target.detachedFromTarget', (event) => this.#detached(event));
    session.on('Target.receivedMessageFromTarget', (event) => this.#received(event));
  }

  static async of(page: Page): Promise<Heap> {
    const heap = new Heap(await page.context().newCDPSession(page));
    await follow(heap.#page);
    return heap;
  }

  /** Script objects and buffers that are still in use: garbage is collected first. */
  async sizes(): Promise<Sizes> {
    const all = [{ name: 'page', send: this.#page }, ...this.#workers.values()];
    const sizes: Sizes = new Map();
    for (const { name, send } of all) {
      await send('HeapProfiler.collectGarbage');
      const usage = (await send('Runtime.getHeapUsage')) as HeapUsage | undefined;
      if (usage) sizes.set(name, usage.usedSize + usage.backingStorageSize);
    }
    return sizes;
  }

  /** `within`: the session of the worker that started it. */
  #attached(parent: Send, { sessionId, targetInfo }: Attached, within?: string) {
    const send: Send = (method, params = {}) => {
      if (!this.#workers.has(sessionId)) return Promise.resolve(undefined); // it has ended
      const id = this.#nextId++;
      const answer = new Promise<unknown>((resolve) => this.#answers.set(id, resolve));
      this.#asked.set(id, sessionId);
      const message = JSON.stringify({ id, method, params });
      // A worker that has ended answers nothing: what is not known is left out.
      parent('Target.sendMessageToTarget', { sessionId, message }).catch(() => this.#answer(id));
      return answer;
    };
    this.#workers.set(sessionId, { name: targetInfo.title, send, parent: within });
    void follow(send);
  }

  #detached({ sessionId }: { sessionId: string }) {
    this.#workers.delete(sessionId);
    // What it was asked in its last moment it answers no more.
    for (const [id, session] of this.#asked) if (session === sessionId) this.#answer(id);
    // Its own workers end with it, and nobody is left to tell of them.
    for (const [inner, { parent }] of this.#workers) {
      if (parent === sessionId) this.#detached({ sessionId: inner });
    }
  }

  #received({ sessionId, message }: { sessionId: string; message: string }) {
    const { id, method, params, result } = JSON.parse(message) as Answer;
    const send = this.#workers.get(sessionId)?.send;
    if (id !== undefined) this.#answer(id, result);
    else if (!send) return;
    else if (method === 'Target.attachedToTarget')
      this.#attached(send, params as Attached, sessionId);
    else if (method === 'Target.detachedFromTarget') this.#detached(params as Attached);
    else if (method === 'Target.receivedMessageFromTarget') {
      this.#received(params as { sessionId: string; message: string });
    }
  }

  #answer(id: number, result?: unknown) {
    this.#answers.get(id)?.(result);
    this.#answers.delete(id);
    this.#asked.delete(id);
  }
}

/** Sessions of workers are had through that of their parent: Playwright gives none. */
async function follow(send: Send): Promise<void> {
  await send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
}
