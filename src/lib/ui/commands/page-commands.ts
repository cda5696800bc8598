import { page } from '$app/state';
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
  { id: 'models', path: '/models', label: 'Models', words: 'download install remove catalogue' },
  { id: 'bench', path: '/bench', label: 'Benchmark', words: 'speed measure compare' },
  { id: 'api', path: '/developers', label: 'API', words: 'developers ollama openai examples' },
  { id: 'diagnostics', path: '/diagnostics', label: 'Diagnostics', words: 'webgpu browser device' },
  { id: 'settings', path: '/settings', label: 'Settings', words: 'preferences backup import' },
  { id: 'privacy', path: '/privacy', label: 'Privacy', words: 'network offline requests' },
] as const;

const THEMES: { theme: Theme; label: string; words: string }[] = [
  { theme: 'light', label: 'Light theme', words: 'appearance day bright' },
  { theme: 'dark', label: 'Dark theme', words: 'appearance night' },
  { theme: 'auto', label: 'Theme as the system has it', words: 'appearance auto light dark' },
];

export const VIEW_COMMANDS: readonly Command[] = [
  {
    id: 'sidebar',
    group: 'View',
    label: 'Show or hide the sidebar',
    words: 'menu drawer list toggle collapse',
    keys: ['Mod+B'],
    possible: () => true,
    run: () => void toggleSidebar(),
  },
  ...THEMES.map(({ theme, label, words }): Command => ({
    id: `theme-${theme}`,
    group: 'View',
    label,
    words,
    possible: () => settings.values.theme !== theme,
    run: () => settings.set('theme', theme),
  })),
];

export const PAGE_COMMANDS: readonly Command[] = PAGES.map(({ id, path, label, words }) => ({
  id,
  group: 'Go to',
  label,
  words: `${words} go to page open`,
  possible: () => page.route.id !== path,
  run: () => go(path),
}));

export const HELP_COMMANDS: readonly Command[] = [
  {
    id: 'palette',
    group: 'Help',
    label: 'Commands, models and chats',
    words: 'palette',
    keys: ['Mod+K'],
    possible: () => true,
    run: () => {
      overlays.open = 'palette';
    },
  },
  {
    id: 'shortcuts',
    group: 'Help',
    label: 'Keyboard shortcuts',
    words: 'keys help hotkeys',
    keys: ['Mod+/', '?'],
    possible: () => true,
    run: () => {
      overlays.open = 'shortcuts';
    },
  },
  {
    id: 'tour',
    group: 'Help',
    label: 'Show the tour',
    words: 'help introduction start first steps',
    possible: () => door.ready && models.chats.length > 0 && tour.at === null,
    run: () => {
      if (!here.chat) goToNewChat();
      tour.start();
    },
  },
];
