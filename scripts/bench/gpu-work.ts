/**
 * What our engine and WebLLM ask of the GPU at a load, a prompt and a token: dispatches, passes, submits, maps, bytes, all
 * that is created; of WebLLM's tiny model and a GGUF of the same shape. Then ours with 1, 2, 4 and 8 tokens in flight, and
 * WebLLM, in turns in one page. The counts are the same on every adapter; PADDOCK_GPU=real takes the machine's own.
 *   npm run bench:gpu-work -- [--json] [--rounds 5] [--tokens 96] [--model starter]
 */
import { parseArgs } from 'node:util';
import { starterBytes } from '../fixtures/starter-bytes';
import { openGpuPage } from './gpu-page';
import { formatTimes, formatWork } from './gpu-work/format';
import type { GpuWorkApi, TimesOrder } from './gpu-work/page';
import type { Work } from './gpu-work/work';
import { tinyModel } from './tiny-model';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    /** Of a reply that is timed: 96, and 16 of the starter. */
    tokens: { type: 'string' },
    /** `tiny`, beside WebLLM's, or `starter`. */
    model: { type: 'string', default: 'tiny' },
  },
});

type PageGlobal = { gpuWork: GpuWorkApi };

const tiny = values.model === 'tiny';
const model = tiny ? tinyModel() : await starterBytes();
const { page, browser, close } = await openGpuPage('scripts/bench/gpu-work/page.html', model);
try {
  const engines = tiny ? (['paddock', 'webllm'] as const) : (['paddock'] as const);
  const work: Record<string, Work> = {};
  for (const engine of engines) {
    work[engine] = await page.evaluate(
      (name) => (globalThis as unknown as PageGlobal).gpuWork.work(name),
      engine,
    );
  }
  const order: TimesOrder = {
    webllm: tiny,
    rounds: Number(values.rounds),
    tokens: Number(values.tokens ?? (tiny ? 96 : 16)),
  };
  const times = await page.evaluate(
    (asked) => (globalThis as unknown as PageGlobal).gpuWork.times(asked),
    order,
  );
  if (values.json) console.log(JSON.stringify({ browser, work, times }, null, 2));
  else {
    console.log(`${browser}, ${work.paddock!.info.adapter ?? ''}, ${values.model}`);
    console.log(`${formatWork(work)}\n${formatTimes(times)}`);
  }
} finally {
  await close();
}
