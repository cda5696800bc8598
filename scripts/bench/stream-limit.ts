/**
 * How long one reply can stream through the service worker: a word a second from the fake engine, read by `fetch` in
 * a page. Says when and how it ended. Needs `npm run build:test`; takes as long as it is asked for.
 *   npm run bench:stream -- [--json] [--seconds 480]
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { fakeRegistry } from '../../tests/fixtures/fake-registry';
import { serveSite } from '../serve';
import { openPaddock } from './paddock-page';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '480' },
  },
});

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
const site = await serveSite({ dir: 'build-test', port: 0, overlay: fakeRegistry() });
try {
  const page = await openPaddock(browser, site.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const ended = await page.evaluate(async (seconds) => {
    const started = performance.now();
    const response = await fetch('api/chat', {
      method: 'POST',
      body: JSON.stringify({
        model: 'smollm2:135m',
        messages: [{ role: 'user', content: `/count 1 ${seconds}` }],
      }),
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    let failure = 'none';
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        text += next.value;
      }
    } catch (error) {
      failure = String(error);
    }
    const lines = text.trimEnd().split('\n');
    return {
      seconds: (performance.now() - started) / 1000,
      words: lines.filter((line) => line.includes('"content":"w')).length,
      done: text.includes('"done":true'),
      failure,
      lastLine: lines.at(-1),
    };
  }, Number(values.seconds));
  const result = { browser: `Chromium ${browser.version()}`, ...ended };
  console.log(
    values.json
      ? JSON.stringify(result, null, 2)
      : [
          `${result.browser}: ${ended.words} words of ${values.seconds} in ${ended.seconds.toFixed(0)} s`,
          `done: ${ended.done}, failure: ${ended.failure}`,
          `last line: ${ended.lastLine}`,
        ].join('\n'),
  );
} finally {
  await browser.close();
  await site.close();
}
