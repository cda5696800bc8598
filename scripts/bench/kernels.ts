/**
 * The matrix kernels of both modules on one thread, in one Chromium page, in turns: weights read a second.
 *   npm run bench:kernels -- [--json] [--rounds 9] [--types Q4_1,Q8_0] [--js-flags=--no-enable-avx-vnni]
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { formatKernels, measureKernels } from './kernels/measure';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    types: { type: 'string' },
    'js-flags': { type: 'string' },
  },
});

const flags = values['js-flags'];
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: [...CHROMIUM_ARGS, ...(flags ? [`--js-flags=${flags}`] : [])],
});
try {
  const kernels = await measureKernels(browser, {
    rounds: Number(values.rounds),
    types: values.types?.split(','),
  });
  const name = `Chromium ${browser.version()}`;
  if (values.json) console.log(JSON.stringify({ browser: name, ...kernels }, null, 2));
  else console.log(`${name}\n${formatKernels(kernels)}`);
} finally {
  await browser.close();
}
