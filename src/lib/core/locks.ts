/** The names of the Web Locks that tabs, workers and the service worker share. A lock falls with its holder. */

/** Held by the tab whose host answers; the others queue for it. */
export const LEADER_LOCK = 'paddock-leader';

/** Held for the moment in which a tab takes the lead by force, so that two do not do it to each other. */
export const ROB_LOCK = 'paddock-rob';

/** Held, shared, while a reply or a transfer is under way; an update of the site waits for it. */
export const BUSY_LOCK = 'paddock-busy';

/** The start of the name under which a host holds a lock for life. */
export const HOST_LOCK = 'paddock-host:';

/** A new host's lock: to get it means that this host is gone. */
export function newHostLock(): string {
  return HOST_LOCK + crypto.randomUUID();
}

/** A lock for whoever has a port to the host: when the host gets it, nobody reads the answers any more. */
export function newPortLock(): string {
  return `paddock-port:${crypto.randomUUID()}`;
}

/** Held by the tab that writes this reply; a reply that nobody holds was cut. */
export function replyLock(messageId: string): string {
  return `paddock-reply:${messageId}`;
}

/** Held by the tab that runs the tools which this message calls, or writes down what was said of them. */
export function toolsLock(messageId: string): string {
  return `paddock-tools:${messageId}`;
}

/** The start of the names under which tabs hold locks while they ask `model` for a reply; the message's name follows. */
export function turnLocks(model: string): string {
  return `paddock-turn:${encodeURIComponent(model)}:`;
}

/** Held by the tab that keeps what is written and not sent in this conversation; empty: in a new one. */
export function draftLock(conversationId: string): string {
  return `paddock-draft:${conversationId}`;
}
