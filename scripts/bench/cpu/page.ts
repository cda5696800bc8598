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
  cancel: (name: string, prompt: string, rounds: number): Promise<Cancels> =>
    call(name, { cancel: { prompt, rounds } }),
  ask: (name: string, ask: Ask): Promise<Measured> => call(name, { ask }),
};

function start(): Worker {
  return new Worker(new URL('./contestant.js', import.meta.url), { type: 'module' });
}

type Message = { load: Contestant } | { reload: number } | { ask: Ask } | { cancel: CancelTask };

function call<T>(name: string, message: Message): Promise<T> {
  const worker = workers.get(name)!;
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ result: T } | { error: string }>) =>
      'error' in data ? reject(new Error(`${name}: ${data.error}`)) : resolve(data.result);
    worker.onerror = ({ message }) => reject(new Error(`${name}: ${message}`));
    worker.postMessage(message);
  });
}

export type BenchApi = typeof api;

Object.assign(globalThis, { bench: api });
document.title = 'ready';
