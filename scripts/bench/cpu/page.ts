/** The page that holds the contestants; one is asked at a time, the others are idle. */
import type { EngineInfo } from '#core/engine';
import type { Ask, Cancels, CancelTask, Contestant, Measured } from './types';

const workers = new Map<string, Worker>();

const api = {
  load(name: string, contestant: Contestant): Promise<EngineInfo> {
    workers.set(name, start());
    return call(name, { load: contestant });
  },
  /** Milliseconds of loads of our engine, one after the other. */
  reload(rounds: number): Promise<number[]> {
    workers.set('reload', start());
    return call('reload', { reload: rounds });
  },
  /** `prompt` is long; other words come first each time, so that nothing of it is cached. */
  async cancel(name: string, prompt: string, rounds: number): Promise<Cancels> {
    const times: Cancels = { prompt: [], delta: [] };
    for (let round = 0; round < rounds; round++) {
      times.prompt.push(await cancelled(name, { prompt: `${round} ${prompt}`, at: 'prompt' }));
      times.delta.push(await cancelled(name, { prompt: `${round} Once upon a`, at: 'delta' }));
    }
    return times;
  },
  ask: (name: string, ask: Ask): Promise<Measured> => call(name, { ask }),
};

/** Tells the worker to stop when it is at work: somewhere in the middle of it. */
function cancelled(name: string, task: CancelTask): Promise<number> {
  const worker = workers.get(name)!;
  worker.addEventListener('message', function tell({ data }: MessageEvent<object>) {
    if (!('working' in data)) return;
    worker.removeEventListener('message', tell);
    const now = () => performance.timeOrigin + performance.now();
    setTimeout(() => worker.postMessage({ stop: now() }), 60 * Math.random());
  });
  return call(name, { cancel: task });
}

function start(): Worker {
  return new Worker(new URL('./contestant.js', import.meta.url), { type: 'module' });
}

type Message = { load: Contestant } | { reload: number } | { ask: Ask } | { cancel: CancelTask };

function call<T>(name: string, message: Message): Promise<T> {
  const worker = workers.get(name)!;
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ result: T } | { error: string } | object>) => {
      if ('error' in data) reject(new Error(`${name}: ${data.error}`));
      else if ('result' in data) resolve(data.result);
    };
    worker.onerror = ({ message }) => reject(new Error(`${name}: ${message}`));
    worker.postMessage(message);
  });
}

export type BenchApi = typeof api;

Object.assign(globalThis, { bench: api });
document.title = 'ready';
