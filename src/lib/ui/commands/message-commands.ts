import { toasts } from '$lib/state/toasts.svelte';
import { tour } from '$lib/state/tour.svelte';
import type { Command } from './command';
import { here } from './here.svelte';
import { messageBox } from './message-box';
import { overlays } from './overlay.svelte';

/** The last message of a person in the branch that is shown. */
function lastOwn() {
  return here.chat?.turns.findLast(({ role }) => role === 'user');
}

/** The last reply that has a text. */
function lastReply() {
  return here.chat?.turns.findLast(({ role, content }) => role === 'assistant' && content !== '');
}

async function copyLastReply() {
  try {
    await navigator.clipboard.writeText(lastReply()?.content ?? '');
    toasts.show({ text: 'The last reply is copied.' });
  } catch {
    toasts.show({ text: 'The browser refused the clipboard. Copy the reply by its own button.' });
  }
}

export const MESSAGE_COMMANDS: readonly Command[] = [
  {
    id: 'write',
    group: 'Messages',
    label: 'Write a message',
    words: 'focus composer input prompt',
    keys: ['Mod+I'],
    possible: () => here.chat !== null && here.model !== null,
    run: () => messageBox()?.focus(),
  },
  {
    id: 'stop',
    group: 'Messages',
    label: 'Stop the reply',
    words: 'cancel end generation',
    keys: ['Escape'],
    possible: () => Boolean(here.chat?.busy || here.chat?.elsewhere),
    run: () => here.chat?.stop(),
  },
  {
    id: 'edit',
    group: 'Messages',
    label: 'Edit your last message',
    words: 'change correct',
    keys: ['ArrowUp'],
    where: 'empty-message',
    possible: () => lastOwn() !== undefined && here.chat?.unsent.editing === null,
    run: () => {
      const turn = lastOwn();
      if (here.chat && turn) here.chat.unsent.editing = { id: turn.id, text: turn.content };
    },
  },
  {
    id: 'regenerate',
    group: 'Messages',
    label: 'Regenerate the last reply',
    words: 'again retry another version',
    possible: () => here.model !== null && here.chat?.turns.at(-1)?.role === 'assistant',
    run: () => here.model !== null && here.chat?.regenerate(here.model),
  },
  {
    id: 'continue',
    group: 'Messages',
    label: 'Continue the last reply',
    words: 'go on unfinished',
    possible: () =>
      here.model !== null && !here.chat?.reply && here.chat?.turns.at(-1)?.unfinished === true,
    run: () => here.model !== null && here.chat?.continueReply(here.model),
  },
  {
    id: 'copy',
    group: 'Messages',
    label: 'Copy the last reply',
    words: 'clipboard answer',
    keys: ['Mod+Shift+C'],
    possible: () => lastReply() !== undefined,
    run: () => void copyLastReply(),
  },
  {
    id: 'prompts',
    group: 'Messages',
    label: 'Manage prompts',
    words: 'presets templates slash',
    possible: () => here.chat !== null,
    run: () => {
      overlays.open = 'prompts';
    },
  },
  {
    id: 'end-tour',
    group: 'Help',
    label: 'End the tour',
    words: 'skip close',
    keys: ['Escape'],
    possible: () => tour.at !== null,
    run: () => tour.end(),
  },
];
