import type { Opening } from './ui-opening';
import type { Streaming } from './ui-streaming';

export interface UiResult {
  browser: string;
  opening: Opening;
  streaming: Streaming;
}

/** The result as a person reads it, aims beside the figures. */
export function formatUi({ browser, opening, streaming }: UiResult): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const { messages, seconds, tasksOver50ms, longestTaskMs, droppedFrames, ratio } = streaming;
  return [
    browser,
    `a chat of ${opening.messages} messages paints in ${ms(opening.medianMs)} (${opening.paintMs.map(ms).join(', ')}; aim: at most 200 ms)`,
    `${seconds} s at 200 tokens/s into a chat of ${messages} messages:`,
    `  tasks over 50 ms  ${tasksOver50ms}, longest ${ms(longestTaskMs)} (aim: none)`,
    `  dropped frames    ${(droppedFrames * 100).toFixed(2)} % (aim: under 1 %)`,
    `  decode            ${streaming.drawn.toFixed(1)} tokens/s drawn, ${streaming.alone.toFixed(1)} alone: ratio ${ratio.toFixed(3)} (aim: at least 0.98)`,
  ].join('\n');
}
