/** Runs in the page: the engines in workers, what their parts ask of the GPU, and how long a token takes. */
import { paddock, webllm, type Subject } from './subjects';
import { measureTimes, type Times } from './times';
import { measureWork, type Work } from './work';

/** Tokens in flight that are compared; the first is what the others are compared with. */
const AHEAD = [1, 2, 4, 8];

export interface TimesOrder {
  /** WebLLM's tiny model beside the model that is served. */
  webllm: boolean;
  rounds: number;
  /** A sample. */
  tokens: number;
}

const api = {
  work: (engine: 'paddock' | 'webllm'): Promise<Work> =>
    ended([engine === 'paddock' ? paddock() : webllm()], ([subject]) => measureWork(subject!)),
  /**
   * Milliseconds a token by the engine's name, ours by the tokens in flight: all in one engine, since a load's own luck
   * with memory is larger than what is compared.
   */
  times({ webllm: beside, ...asked }: TimesOrder): Promise<Times> {
    const ours = paddock();
    const peers: Record<string, Subject> = beside ? { WebLLM: webllm() } : {};
    return ended([ours, ...Object.values(peers)], async (all) => {
      for (const subject of all) await subject.load();
      const flights = AHEAD.map((tokens) => [`${tokens}`, ours.together(tokens)] as const);
      return measureTimes({ ...Object.fromEntries(flights), ...peers }, asked);
    });
  },
};

/** What `measure` gives, and no worker left behind. */
async function ended<T>(subjects: Subject[], measure: (all: Subject[]) => Promise<T>): Promise<T> {
  try {
    return await measure(subjects);
  } finally {
    for (const subject of subjects) subject.end();
  }
}

export type GpuWorkApi = typeof api;

Object.assign(globalThis, { gpuWork: api });
document.title = 'ready';
