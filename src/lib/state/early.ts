import type { Settings } from '$lib/storage/settings';

/** What `static/early.js` needs before the first paint, when IndexedDB is out of reach. */
interface Early {
  theme: Settings['theme'];
  sidebar: boolean;
  textSize: Settings['textSize'];
  lang: string;
  dir: 'ltr' | 'rtl';
  /** There are models or chats: the greeting is not for this person. */
  returning: boolean;
}

/** Kept in localStorage, which alone can be read before the first paint; losing it costs a flash. */
export function rememberEarly(early: Early): void {
  try {
    localStorage.setItem('paddock-early', JSON.stringify(early));
  } catch {
    // Full or denied: the settings themselves are in IndexedDB.
  }
}
