/**
 * The engines on WebGPU with one model, in turns in one browser: ours and llama.cpp's (wllama, where the adapter has
 * shader-f16), and WebLLM's tiny model beside a GGUF of its shape; then a product of an 8B model beside copies of memory.
 * Meant for the machine's own adapter, PADDOCK_GPU=real; on SwiftShader it runs with less to do, and its ratios say
 * nothing of an adapter.
 *   PADDOCK_GPU=real npm run bench:gpu -- [model.gguf] [--json] [--rounds 5] [--prompt 512] [--generate 128]
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { starterBytes } from '../fixtures/starter-bytes';
import { openGpuPage } from './gpu-page';
import type { EngineInfo } from '#core/engine';
import type { Fault } from './gpu/contestants';
import { CONTESTANTS, type Contestant } from './gpu/names';
import type { GpuApi } from './gpu/page';
import {
  comparisons,
  formatComparisons,
  formatEngines,
  formatMeasured,
  formatRates,
} from './gpu/rows';
import type { Sizes } from './gpu/rounds';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    prompt: { type: 'string' },
    generate: { type: 'string' },
  },
});

type PageGlobal = { benchGpu: GpuApi };

const REAL: Sizes = { rounds: 5, prompt: 512, generate: 128 };
const SOFTWARE: Sizes = { rounds: 3, prompt: 64, generate: 16 };

const [file] = positionals;
const { page, browser, close } = await openGpuPage(
  'scripts/bench/gpu/page.html',
  file ?? (await starterBytes()),
);
try {
  const adapter = await page.evaluate(() =>
    (globalThis as unknown as PageGlobal).benchGpu.adapter(),
  );
  const usual = adapter.software ? SOFTWARE : REAL;
  const sizes: Sizes = {
    rounds: Number(values.rounds ?? usual.rounds),
    prompt: Number(values.prompt ?? usual.prompt),
    generate: Number(values.generate ?? usual.generate),
  };
  const engines: Record<string, EngineInfo | Fault> = {};
  const running: Contestant[] = [];
  for (const name of CONTESTANTS) {
    const found = await page.evaluate(
      (contestant) => (globalThis as unknown as PageGlobal).benchGpu.load(contestant),
      name,
    );
    engines[name] = found;
    if (!('fault' in found)) running.push(name);
  }
  const measured = await page.evaluate(
    ([names, asked]) => (globalThis as unknown as PageGlobal).benchGpu.rounds(names, asked),
    [running, sizes] as const,
  );
  const { rates, variants } = await page.evaluate(
    ([rounds, far]) => (globalThis as unknown as PageGlobal).benchGpu.matvec(rounds, far),
    [sizes.rounds, !adapter.software] as const,
  );
  const compared = comparisons(measured, rates);
  const machine = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores`;
  const result = { browser, machine, adapter, model: file ?? 'starter', sizes, engines, measured };
  if (values.json) console.log(JSON.stringify({ ...result, rates, variants, compared }, null, 2));
  else {
    console.log(`${browser}, ${adapter.name}, ${machine}, ${result.model}`);
    if (adapter.software)
      console.log('The processor plays this adapter: its ratios say nothing of a real one.');
    console.log(formatEngines(engines));
    console.log(formatMeasured(measured, sizes));
    console.log(`a matrix of 4096 × 14336: ${formatRates(rates)}`);
    console.log(formatComparisons(compared, !adapter.software));
  }
} finally {
  await close();
}
