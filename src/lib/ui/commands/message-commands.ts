import * as m from '#core/messages/commands';
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
    toasts.show({ text: m.commands_copied() });
  } catch {
    toasts.show({ text: m.commands_copy_refused() });
  }
}

export const MESSAGE_COMMANDS: readonly Command[] = [
  {
    id: 'write',
    group: 'messages',
    label: m.commands_write,
    words: m.commands_write_words,
    keys: ['Mod+I'],
    possible: () => here.chat !== null && here.model !== null,
    run: () => messageBox()?.focus(),
  },
  {
    id: 'stop',
    group: 'messages',
    label: m.commands_stop,
    words: m.commands_stop_words,
    keys: ['Escape'],
    possible: () => Boolean(here.chat?.busy || here.chat?.elsewhere),
    run: () => here.chat?.stop(),
  },
  {
    id: 'edit',
    group: 'messages',
    label: m.commands_edit,
    words: m.commands_edit_words,
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
    group: 'messages',
    label: m.commands_regenerate,
    words: m.commands_regenerate_words,
    possible: () => here.model !== null && here.chat?.turns.at(-1)?.role === 'assistant',
    run: () => here.model !== null && here.chat?.regenerate(here.model),
  },
  {
    id: 'continue',
    group: 'messages',
    label: m.commands_continue,
    words: m.commands_continue_words,
    possible: () =>
      here.model !== null && !here.chat?.reply && here.chat?.turns.at(-1)?.unfinished === true,
    run: () => here.model !== null && here.chat?.continueReply(here.model),
  },
  {
    id: 'copy',
    group: 'messages',
    label: m.commands_copy,
    words: m.commands_copy_words,
    keys: ['Mod+Shift+C'],
    possible: () => lastReply() !== undefined,
    run: () => void copyLastReply(),
  },
  {
    id: 'prompts',
    group: 'messages',
    label: m.commands_prompts,
    words: m.commands_prompts_words,
    possible: () => here.chat !== null,
    run: () => {
      overlays.open = 'prompts';
    },
  },
  {
    id: 'end-tour',
    group: 'help',
    label: m.commands_end_tour,
    words: m.commands_end_tour_words,
    keys: ['Escape'],
    possible: () => tour.at !== null,
    run: () => tour.end(),
  },
];
