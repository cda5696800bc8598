import * as m from '#core/messages/door';
import type { Lacking } from '$lib/client/door';

/** What is missing in this browser, why it matters, and how to get it. */
export const LACKING: Record<Lacking, Record<'title' | 'reason' | 'remedy', () => string>> = {
  'secure-context': {
    title: m.door_insecure,
    reason: m.door_insecure_why,
    remedy: m.door_insecure_do,
  },
  locks: { title: m.door_locks, reason: m.door_locks_why, remedy: m.door_browsers },
  workers: { title: m.door_workers, reason: m.door_workers_why, remedy: m.door_browsers },
  indexeddb: { title: m.door_indexeddb, reason: m.door_indexeddb_why, remedy: m.door_browsers },
};
