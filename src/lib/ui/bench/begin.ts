import { tick } from 'svelte';
import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import * as m from '#core/messages/bench';
import { bench } from '$lib/state/bench.svelte';
import { benchChoice } from '$lib/state/bench-choice.svelte';
import { toasts } from '$lib/state/toasts.svelte';
import { voice } from '$lib/state/voice.svelte';
import { endText } from './words';

/** Measures what is chosen; who looks at another page when it ends is told there. */
export async function begin(): Promise<void> {
  const { request } = benchChoice;
  if (!request || bench.running) return;
  const ended = bench.start(request);
  await focusOn('running');
  await ended;
  const text = endText(bench.run);
  if (page.route.id !== '/bench') return offerWayBack(text);
  voice.say(text);
  await tick();
  // What had the focus is gone.
  if (document.activeElement === document.body) await focusOn(bench.run ? 'result' : 'measure');
}

/** A notice with the way to the Benchmark page. */
export function offerWayBack(text: string): void {
  toasts.show({ text, action: { label: m.bench_show(), run: () => void goto(resolve('/bench')) } });
}

/** Moves the focus to the section's heading, once it is there. */
export async function focusOn(id: string): Promise<void> {
  await tick();
  document.getElementById(id)?.focus();
}
