import type { Page } from 'playwright';
import { writeChat } from './ui-chats';

/** Tokens a second that the fake engine writes. */
const RATE = 200;

export interface Streaming {
  messages: number;
  seconds: number;
  tasksOver50ms: number;
  longestTaskMs: number;
  /** Frames that came more than half a frame late, of all: a share. */
  droppedFrames: number;
  /** Tokens a second with the page drawing, and with nobody looking; and the first by the second. */
  drawn: number;
  alone: number;
  ratio: number;
}

interface Watch {
  tasks: number[];
  frames: number[];
  stop(): void;
}

/** So many seconds of reply into a chat of so many messages. */
export async function streaming(page: Page, messages: number, seconds: number): Promise<Streaming> {
  await writeChat(page, 'streamed', messages);
  await page.goto(new URL('?c=streamed', page.url()).href);
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.waitFor();
  const tokens = RATE * seconds;
  const alone = await rateAlone(page, tokens);
  await page.evaluate(watch);
  await box.fill(`/count ${RATE} ${tokens}`);
  await box.press('Enter');
  const stop = page.getByRole('button', { name: 'Stop' });
  await stop.waitFor();
  await stop.waitFor({ state: 'detached', timeout: (seconds + 60) * 1000 });
  const { tasks, frames } = await page.evaluate(() => {
    const seen = (globalThis as unknown as { watch: Watch }).watch;
    seen.stop();
    return { tasks: seen.tasks, frames: seen.frames };
  });
  const drawn = await rateShown(page);
  return {
    ...{ messages, seconds, drawn, alone, ratio: drawn / alone },
    tasksOver50ms: tasks.length,
    longestTaskMs: Math.max(0, ...tasks),
    droppedFrames: frames.filter((gap) => gap > 25).length / frames.length,
  };
}

/** Long tasks and the gaps between frames, from now on. */
function watch(): void {
  const tasks: number[] = [];
  const frames: number[] = [];
  let before = performance.now();
  let going = true;
  const frame = (now: number) => {
    frames.push(now - before);
    before = now;
    if (going) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  const stop = () => {
    going = false;
    observer.disconnect();
  };
  Object.assign(globalThis, { watch: { tasks, frames, stop } });
}

/** Tokens a second of the same reply, which nobody draws. */
function rateAlone(page: Page, tokens: number): Promise<number> {
  return page.evaluate(
    async ({ prompt }) => {
      const answer = await fetch('api/chat', {
        method: 'POST',
        body: JSON.stringify({
          model: 'smollm2:135m',
          messages: [{ role: 'user', content: prompt }],
          stream: false,
        }),
      });
      const { eval_count: count, eval_duration: time } = (await answer.json()) as {
        eval_count: number;
        eval_duration: number;
      };
      return (count * 1e9) / time;
    },
    { prompt: `/count ${RATE} ${tokens}` },
  );
}

/** What the page says under its last reply. */
async function rateShown(page: Page): Promise<number> {
  const line = await page.getByRole('article', { name: 'Assistant' }).last().textContent();
  const figure = /([\d.,]+) tokens\/s/.exec(line ?? '')?.[1];
  if (!figure) throw new Error(`There is no rate under the reply: ${line?.slice(-200)}`);
  return Number(figure.replaceAll(',', ''));
}
