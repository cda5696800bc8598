import type { Change } from '#core/changes';
import { conversations } from './conversations.svelte';
import { door } from './door.svelte';
import { folders } from './folders.svelte';
import { models } from './models.svelte';
import { pulls } from './pulls.svelte';
import { settings } from './settings.svelte';

/** Told, and not read yet since that failed. */
const missed = new Map<string, Change>();

/**
 * Reads what another tab, or the host, changed; what could not be read before comes first. Resolves with false
 * when something has still to be read.
 */
export async function readChange(change: Change): Promise<boolean> {
  try {
    for (const [key, earlier] of [...missed]) {
      await read(earlier);
      missed.delete(key);
    }
    await read(change);
  } catch {
    missed.set(JSON.stringify(change), change); // the caller says so
  }
  return missed.size === 0;
}

async function read(change: Change): Promise<void> {
  if (change.type === 'conversations') await conversations.changed(change.ids);
  else if (change.type === 'message' || change.type === 'messages')
    await conversations.changed([change.conversation]);
  else if (change.type === 'folders') await folders.load();
  else if (change.type === 'setting') await settings.changed(change.key);
  else if (change.type === 'pulls' && door.ready) await pulls.refresh();
  else if (change.type === 'models' && door.ready) {
    await (change.which === 'installed' ? models.refresh() : models.refreshRunning());
  }
}
