/** What a tab of Paddock leaves behind: files, records, workers and memory. */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright';
import { Heap } from '../../e2e/heap';
import { filesOf } from '../kills/look';

export interface Figures {
  files: number;
  /** Of all databases. */
  records: number;
  /** Paddock's own, by name. */
  workers: string[];
  /** Of the browser, as its debugger lists them. */
  targets: number;
  /** Bytes of scripts and their buffers, of the page and its workers. */
  heap: number;
  /** Bytes that the browser's processes hold, the shared ones counted in each. */
  resident: number;
}

export class Meter {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #heap: Heap;

  private constructor(browser: Browser, page: Page, heap: Heap) {
    this.#browser = browser;
    this.#page = page;
    this.#heap = heap;
  }

  static async of(browser: Browser, page: Page): Promise<Meter> {
    return new Meter(browser, page, await Heap.of(page));
  }

  /** Garbage is collected first. */
  async read(): Promise<Figures> {
    const sizes = await this.#heap.sizes();
    const session = await this.#browser.newBrowserCDPSession();
    const { targetInfos } = await session.send('Target.getTargets');
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const resident = await Promise.all(processInfo.map(({ id }) => residentOf(id)));
    return {
      files: (await filesOf(this.#page)).length,
      records: await recordsOfAll(this.#page),
      workers: [...sizes.keys()].filter((name) => name.startsWith('paddock-')),
      targets: targetInfos.length,
      heap: sum([...sizes.values()]),
      resident: sum(resident),
    };
  }
}

async function residentOf(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended
  }
}

function recordsOfAll(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let records = 0;
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name!);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
      for (const store of db.objectStoreNames) {
        records += await new Promise<number>((resolve, reject) => {
          const request = db.transaction(store).objectStore(store).count();
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error!);
        });
      }
      db.close();
    }
    return records;
  });
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
