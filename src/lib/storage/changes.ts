/** The page's end of the channel over which tabs tell each other what they wrote (see `#core/changes`). */
import { CHANGES, parseChange, type Change } from '#core/changes';

/** One for the page: a channel does not hear what it says itself, but another of the same page does. */
let channel: BroadcastChannel | undefined;
const listeners = new Set<(change: Change) => void>();

/** Hears what other tabs, and the host, tell from now on; what they say before is lost. */
export function joinChanges(): BroadcastChannel {
  if (channel) return channel;
  channel = new BroadcastChannel(CHANGES);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const change = parseChange(data);
    if (change) listeners.forEach((listener) => listener(change));
  };
  return channel;
}

/** Tells the other tabs; called after a write has succeeded. */
export function announce(change: Change): void {
  joinChanges().postMessage(change);
}

/** `listener` is called with every change that others tell, once `joinChanges` was. */
export function watchChanges(listener: (change: Change) => void): void {
  listeners.add(listener);
}

/** Leaves the channel; the next use joins it again. */
export function leaveChanges(): void {
  channel?.close();
  channel = undefined;
}
