/** What is said of calls, and how they look. */
import type { Call } from '#core/tools/calls';
import { toolNamed } from '#core/tools/tools';
import { voice } from './voice.svelte';

export function toolTitle(name: string): string {
  return toolNamed(name)?.title ?? name;
}

/** Screen readers hear the question; the focus stays where it is. */
export function sayQuestion({ name }: Call) {
  voice.say(`The model wants to use ${toolTitle(name)} and waits for your answer.`);
}

export function sayPaused() {
  voice.say('The calls have ended. The model waits for you to go on.');
}
