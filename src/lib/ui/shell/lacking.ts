import type { Lacking } from '$lib/client/door';

const BROWSERS = 'Use a current Chrome, Edge, Firefox or Safari, outside a private window.';

/** What is missing in this browser, why it matters, and how to get it. */
export const LACKING: Record<Lacking, { title: string; reason: string; remedy: string }> = {
  'secure-context': {
    title: 'This address is not secure',
    reason:
      'On an address that starts with http://, browsers switch off the storage, the background workers and the graphics access that Paddock needs.',
    remedy:
      'Open it over https://, or on the machine that serves it as http://localhost with the same port.',
  },
  locks: {
    title: 'This browser has no Web Locks',
    reason: 'Paddock uses them to see to it that only one tab runs models.',
    remedy: BROWSERS,
  },
  workers: {
    title: 'This browser runs no workers',
    reason: 'Paddock runs models in background workers, so that the page stays usable.',
    remedy: BROWSERS,
  },
  indexeddb: {
    title: 'This browser has no IndexedDB',
    reason: 'Paddock keeps chats and settings in it, and models where sites get no files.',
    remedy: BROWSERS,
  },
};
