/** Milliseconds of work after which the event loop is due a turn. */
export const TURN = 20;

/**
 * A turn for the event loop: settles when the messages that were queued before have been handled, so that a cancel
 * is seen. In browsers by a message to oneself, which queues behind them; `scheduler.yield` may run on before them,
 * and `setTimeout` waits 4 ms from the fifth time on. Node empties one port before it looks at the next, and an open
 * port keeps it running, so there it is `setImmediate`.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (host.setImmediate) host.setImmediate(resolve);
    else sendSelf(resolve);
  });
}

const host: { setImmediate?: (then: () => void) => void } = globalThis;
const waiting: (() => void)[] = [];
let sender: MessagePort | undefined;

function sendSelf(then: () => void): void {
  sender ??= open();
  waiting.push(then);
  sender.postMessage(null);
}

function open(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return port2;
}
