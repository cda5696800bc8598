/**
 * The CPU engine beside wllama, in turns in one browser on the starter; about 5 minutes on two free cores.
 *   npm run bench:cpu -- [--json] [--rounds 5] [--slow 3]
 * LLAMA_BENCH=<path of a native llama-bench> adds native rows.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { tokenizerOf } from '../fixtures/tokens';
import { serveSource } from '../serve-source';
import { starterBytes } from '../fixtures/starter-bytes';
import { CONTESTANTS, measure } from './cpu/measure';
import { native } from './cpu/native';
import type { BenchApi } from './cpu/page';
import { promptOf } from './cpu/prompts';
import { measureLoads } from './cpu/loads';
import { percentile } from '#core/statistics';
import { bandwidthRow, format, kernelRows, nativeRow, rows, timesRow } from './cpu/rows';
import { readBandwidth } from './kernels/bandwidth';
import { measureKernels } from './kernels/measure';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    slow: { type: 'string', default: '3' },
  },
});

const model = await starterBytes();
const server = await serveSource(model);
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`${server.url}scripts/bench/cpu/page.html`);
  await page.waitForFunction(() => document.title === 'ready');
  const engines = [];
  for (const entry of Object.entries(CONTESTANTS)) {
    const info = await page.evaluate(
      ([name, contestant]) =>
        (globalThis as unknown as { bench: BenchApi }).bench.load(name, contestant),
      entry,
    );
    engines.push({ name: entry[0], threads: info.threads });
  }
  const samples = await measure(page, await tokenizerOf(model), {
    rounds: Number(values.rounds),
    slow: Number(values.slow),
  });
  const program = process.env.LLAMA_BENCH;
  const beside = program ? await native(program, model) : undefined;
  const compared = rows(samples, beside);
  const cancels = await page.evaluate(
    ([prompt, rounds]) =>
      (globalThis as unknown as { bench: BenchApi }).bench.cancel('ours', prompt, rounds),
    [promptOf(await tokenizerOf(model), 2000, 98), Number(values.rounds)] as const,
  );
  const loads = await measureLoads(server.url, Number(values.rounds));
  const kernels = await measureKernels(browser, { rounds: 5 });
  const reading = { one: await readBandwidth(1, 3), two: await readBandwidth(2, 3) };
  const machine = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores`;
  const result = {
    browser: `Chromium ${browser.version()}`,
    machine,
    engines,
    samples,
    reading,
    kernels,
    loads,
    cancels,
    native: beside,
  };
  if (values.json) console.log(JSON.stringify({ ...result, rows: compared }, null, 2));
  else {
    console.log(`${result.browser}, ${machine}`);
    console.log(
      `memory: ${reading.one.toFixed(1)} GB/s read on one thread, ${reading.two.toFixed(1)} on two ` +
        `(${(reading.two / reading.one).toFixed(2)}x)`,
    );
    console.log(
      bandwidthRow(model.byteLength, percentile(samples['decode, 1 thread'], 0.5), reading),
    );
    console.log(`${format(compared)}\n${kernelRows(kernels)}`);
    if (beside) console.log(nativeRow(beside));
    console.log(timesRow('a second load', loads, 500));
    console.log(timesRow('a cancel in a prompt of 2,000', cancels.prompt, 100));
    console.log(timesRow('a cancel in a reply', cancels.delta, 100));
  }
} finally {
  await browser.close();
  await server.close();
}
