/** Which parts of the page are near what is seen: what is far away need not be made yet. */

/** Twice a tall screen: what comes into sight by a wheel or a key is there. */
const MARGIN = '2000px';

const waiting = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | undefined;

/** Calls `then` once, as soon as `element` is near the part of its scrolling box that is seen. Returns what ends the wait. */
export function whenNear(element: Element, then: () => void): () => void {
  // A margin of the root does not reach into a box that scrolls by itself; `scrollMargin` does (Chromium 120).
  observer ??= new IntersectionObserver(tell, {
    rootMargin: MARGIN,
    scrollMargin: MARGIN,
  });
  waiting.set(element, then);
  observer.observe(element);
  return () => leave(element);
}

function tell(entries: IntersectionObserverEntry[]): void {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    const then = waiting.get(target);
    leave(target);
    then?.();
  }
}

function leave(element: Element): void {
  waiting.delete(element);
  observer?.unobserve(element);
}
