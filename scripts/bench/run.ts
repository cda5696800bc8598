/**
 * The Benchmark page from the command line: it is opened in Chromium on the built site, and its result printed.
 *   npm run -s bench -- --model smollm2:135m --set quick --json
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath, REAL_GPU_ARGS } from '../chromium';
import { Refusal, runCommand } from '../refusal';
import { serveSite } from '../serve';
import { runFaults } from './run/faults';
import { HELP, readOptions } from './run/options';
import { chooseOwn, openBench, runToEnd, saved } from './run/page';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return console.log(HELP);
  if (!existsSync(join(options.dir, 'index.html'))) {
    throw new Refusal(`${options.dir} holds no site. Build it first: npm run build`);
  }
  const args = options.gpu ? REAL_GPU_ARGS : CHROMIUM_ARGS;
  const site = await serveSite({ dir: options.dir, port: 0 });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: chromiumPath(), args });
    const page = await openBench(await browser.newPage(), site.url, options);
    await chooseOwn(page, options);
    await runToEnd(page);
    const json = await saved(page, 'JSON');
    process.stdout.write(options.json ? json : await saved(page, 'Markdown'));
    const faults = runFaults(json);
    if (faults.length > 0) throw new Refusal(faults.join('\n'));
  } finally {
    await browser
      ?.close()
      .catch((error: unknown) => console.error('The browser did not end:', error));
    await site.close();
  }
}

await runCommand(main);
