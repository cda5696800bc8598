/**
 * A 50 kB reply at 200 tokens a second from the fake engine: the page's long tasks, and what the second half costs
 * beside the first. Needs `npm run build:test`.
 *   npm run bench:reply -- [--rich] [--json]
 * `--rich`: of formulas and code.
 */
import { parseArgs } from 'node:util';
import { chromium, type CDPSession } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { fakeRegistry } from '../../tests/fixtures/fake-registry';
import { serveSite } from '../serve';
import { openPaddock } from './paddock-page';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rich: { type: 'boolean', default: false },
  },
});
/** What is asked of the fake engine: see its scenarios. */
const PROMPT = values.rich ? '/long-rich' : '/long';

/** Characters of the reply, and of its half: see the scenario `/long`. */
const LENGTH = 50_000;

interface Costs {
  /** Main-thread seconds, all tasks. */
  task: number;
  script: number;
  layout: number;
}

async function costs(session: CDPSession): Promise<Costs> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { task: of('TaskDuration'), script: of('ScriptDuration'), layout: of('LayoutDuration') };
}

function difference(after: Costs, before: Costs): Costs {
  return {
    task: after.task - before.task,
    script: after.script - before.script,
    layout: after.layout - before.layout,
  };
}

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
const site = await serveSite({ dir: 'build-test', port: 0, overlay: fakeRegistry() });
try {
  const page = await openPaddock(browser, site.url);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const reply = page.locator('article[aria-label=Assistant] .markdown').last();
  const box = page.getByRole('textbox', { name: 'Message' });
  // A short reply first: the parser's chunk is loaded and warm.
  await box.fill('/markdown');
  await box.press('Enter');
  await page.getByRole('button', { name: 'Regenerate' }).waitFor();
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ entryTypes: ['longtask'] });
    Object.assign(globalThis, { longTasks: tasks });
  });
  const start = await costs(session);
  await box.fill(PROMPT);
  await box.press('Enter');
  const longerThan = (length: number) =>
    page.waitForFunction(
      (length) =>
        [...document.querySelectorAll('article[aria-label=Assistant] .markdown')].at(-1)!
          .textContent.length > length,
      length,
      { timeout: 180_000, polling: 500 },
    );
  await reply.waitFor();
  // Marks of Markdown do not show: the text on the page is some 0.7 of the source, of formulas and code 0.82.
  await longerThan(LENGTH * (values.rich ? 0.41 : 0.35));
  const half = await costs(session);
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached', timeout: 180_000 });
  const end = await costs(session);
  const shown = (await reply.textContent())!.length;
  const longTasks = await page.evaluate(
    () => (globalThis as unknown as { longTasks: number[] }).longTasks,
  );
  const result = {
    browser: `Chromium ${browser.version()}`,
    sourceCharacters: LENGTH,
    shownCharacters: shown,
    tasksOver50ms: longTasks.length,
    longestTaskMs: Math.max(0, ...longTasks),
    firstHalf: difference(half, start),
    secondHalf: difference(end, half),
    ratio: difference(end, half).task / difference(half, start).task,
  };
  console.log(values.json ? JSON.stringify(result, null, 2) : format(result));
} finally {
  await browser.close();
  await site.close();
}

function format(result: {
  browser: string;
  shownCharacters: number;
  tasksOver50ms: number;
  longestTaskMs: number;
  firstHalf: Costs;
  secondHalf: Costs;
  ratio: number;
}): string {
  const line = ({ task, script, layout }: Costs) =>
    `${task.toFixed(2)} s main thread (${script.toFixed(2)} s script, ${layout.toFixed(2)} s layout)`;
  return [
    `${result.browser}: 50 kB at 200 tokens/s, ${result.shownCharacters} characters shown`,
    `tasks over 50 ms  ${result.tasksOver50ms}, longest ${result.longestTaskMs.toFixed(0)} ms (aim: none)`,
    `first half        ${line(result.firstHalf)}`,
    `second half       ${line(result.secondHalf)}`,
    `second / first    ${result.ratio.toFixed(2)} (linear: 1)`,
  ].join('\n');
}
