/** Milliseconds in which what is drawn late, above it, may still move it. */
const SETTLE_MS = 1500;

/**
 * Brings what an address leads to in sight, gives it the focus, and lets it glow.
 * @param column what grows above it
 */
export function present(element: HTMLElement, column: Element) {
  const over = new AbortController();
  const scroll = () => element.scrollIntoView({ block: 'center' });
  const observer = new ResizeObserver(scroll);
  observer.observe(column);
  const end = () => {
    observer.disconnect();
    over.abort();
  };
  // Who scrolls is not held.
  for (const type of ['wheel', 'touchstart', 'keydown', 'pointerdown']) {
    addEventListener(type, end, { signal: over.signal, passive: true });
  }
  setTimeout(end, SETTLE_MS);
  element.tabIndex = -1;
  // The router gives the focus to the page in the same moment.
  requestAnimationFrame(() => element.focus({ preventScroll: true }));
  glow(element);
}

/** For a moment; without motion where that is wished. */
function glow(element: HTMLElement) {
  const lit = { backgroundColor: 'var(--accent-soft)', boxShadow: '0 0 0 8px var(--accent-soft)' };
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const dark = { backgroundColor: 'transparent', boxShadow: '0 0 0 8px transparent' };
  element.animate(still ? [lit, lit] : [lit, { ...lit, offset: 0.8 }, dark], 2000);
}
