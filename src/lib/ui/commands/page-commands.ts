import { page } from '$app/state';
import * as m from '#core/messages/commands';
import { door } from '$lib/state/door.svelte';
import { models } from '$lib/state/models.svelte';
import { settings } from '$lib/state/settings.svelte';
import { tour } from '$lib/state/tour.svelte';
import type { Theme } from '$lib/storage/settings';
import type { Command } from './command';
import { go, goToNewChat } from './go';
import { here } from './here.svelte';
import { overlays } from './overlay.svelte';
import { toggleSidebar } from './toggle-sidebar';

const PAGES = [
  { id: 'models', path: '/models', label: m.commands_models, words: m.commands_models_words },
  { id: 'bench', path: '/bench', label: m.commands_bench, words: m.commands_bench_words },
  { id: 'api', path: '/developers', label: m.commands_api, words: m.commands_api_words },
  {
    id: 'diagnostics',
    path: '/diagnostics',
    label: m.commands_diagnostics,
    words: m.commands_diagnostics_words,
  },
  {
    id: 'settings',
    path: '/settings',
    label: m.commands_settings,
    words: m.commands_settings_words,
  },
  { id: 'privacy', path: '/privacy', label: m.commands_privacy, words: m.commands_privacy_words },
] as const;

const THEMES: { theme: Theme; label: () => string; words: () => string }[] = [
  { theme: 'light', label: m.commands_light, words: m.commands_light_words },
  { theme: 'dark', label: m.commands_dark, words: m.commands_dark_words },
  { theme: 'auto', label: m.commands_auto, words: m.commands_auto_words },
];

export const VIEW_COMMANDS: readonly Command[] = [
  {
    id: 'sidebar',
    group: 'view',
    label: m.commands_sidebar,
    words: m.commands_sidebar_words,
    keys: ['Mod+B'],
    possible: () => true,
    run: () => void toggleSidebar(),
  },
  ...THEMES.map(({ theme, label, words }): Command => ({
    id: `theme-${theme}`,
    group: 'view',
    label,
    words,
    possible: () => settings.values.theme !== theme,
    run: () => settings.set('theme', theme),
  })),
];

export const PAGE_COMMANDS: readonly Command[] = PAGES.map(({ id, path, label, words }) => ({
  id,
  group: 'pages',
  label,
  words,
  possible: () => page.route.id !== path,
  run: () => go(path),
}));

export const HELP_COMMANDS: readonly Command[] = [
  {
    id: 'palette',
    group: 'help',
    label: m.commands_palette,
    words: m.commands_palette_words,
    keys: ['Mod+K'],
    possible: () => true,
    run: () => {
      overlays.open = 'palette';
    },
  },
  {
    id: 'shortcuts',
    group: 'help',
    label: m.commands_shortcuts,
    words: m.commands_shortcuts_words,
    keys: ['Mod+/', '?'],
    possible: () => true,
    run: () => {
      overlays.open = 'shortcuts';
    },
  },
  {
    id: 'tour',
    group: 'help',
    label: m.commands_tour,
    words: m.commands_tour_words,
    possible: () => door.ready && models.chats.length > 0 && tour.at === null,
    run: () => {
      if (!here.chat) goToNewChat();
      tour.start();
    },
  },
];
