import type { Page } from 'playwright';
import { percentile } from '../../src/lib/core/statistics';
import { writeChat } from './ui-chats';

export interface Opening {
  messages: number;
  /** From the click to the frame with its last message, milliseconds. */
  paintMs: number[];
  medianMs: number;
}

/** Opens a long chat from the sidebar, `rounds` times, from a page that has just been loaded. */
export async function opening(page: Page, messages: number, rounds: number): Promise<Opening> {
  await writeChat(page, 'long', messages);
  const home = new URL('.', page.url()).href;
  const paintMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.goto(home);
    const link = page.getByRole('link', { name: `Chat of ${messages}` });
    await link.waitFor();
    paintMs.push(await link.evaluate(openAndPaint, `That was answer ${messages - 1}.`));
  }
  return { messages, paintMs, medianMs: percentile(paintMs, 0.5) };
}

/** Clicks, and resolves with the time to the frame behind the one that has `text`. */
function openAndPaint(link: HTMLElement | SVGElement, text: string): Promise<number> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const look = () => {
      if (document.querySelector('[role=log]')?.textContent.includes(text)) {
        requestAnimationFrame(() => resolve(performance.now() - begun));
      } else requestAnimationFrame(look);
    };
    (link as HTMLElement).click();
    look();
  });
}
