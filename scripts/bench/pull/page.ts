/** The page between the script and the workers that do the work: one is asked at a time, the other is idle. */
import type { HouseTask, PullApi, Stage } from './types';

const house = new Worker(new URL('./house.ts', import.meta.url), { type: 'module', name: 'house' });
const stages = new Worker(new URL('./stages.ts', import.meta.url), {
  type: 'module',
  name: 'stages',
});

function ask<T>(worker: Worker, task: HouseTask | Stage): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ result: T; error?: string }>) => {
      if (data.error === undefined) resolve(data.result);
      else reject(new Error(data.error));
    };
    worker.postMessage(task);
  });
}

const api: PullApi = {
  pull: (url, size, digest) => ask(house, { task: 'pull', url, size, digest }),
  stage: (stage) => ask(stages, stage),
  list: (count, rounds) => ask(house, { task: 'list', count, rounds }),
};

Object.assign(globalThis, { pullApi: api });
