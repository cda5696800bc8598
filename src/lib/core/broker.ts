/**
 * How a port to the host is had: the service worker asks every tab who hosts, and hands the port on to that tab,
 * which gives it to its host. The service worker remembers nothing of it.
 */

/** Changes whenever tabs and host of two builds would not understand each other. */
export const PROTOCOL = 2;

/** A tab to the service worker. */
export type ToServiceWorker =
  /** With a MessagePort: hand it to the host. `Asking` comes back on it first, and nothing when no tab hosts. */
  | { type: 'connect-host' }
  /** Replace the active service worker: only after the person agreed. */
  | { type: 'activate' }
  /** Take this tab over: a shift-reload loaded it past the service worker. */
  | { type: 'claim' }
  /** `mlc`: a model of that format is here too. */
  | { type: 'keep-engines'; mlc: boolean }
  /** A late part is used, under this name. */
  | { type: 'keep-late'; name: string };

/** The service worker to a tab. */
export type ToTab =
  /** With a MessagePort, on which the tab that hosts, and no other, answers `Hosting`. */
  | { type: 'who-hosts' }
  /** With a MessagePort for the host. */
  | { type: 'attach' };

/** The service worker runs and looks for the host: silence from now on is the host's, or its tab's. */
export interface Asking {
  type: 'asking';
}

export interface Hosting {
  type: 'hosting';
}
