// Runs before the first paint, which modules cannot: the chosen theme, and whether this is a first visit, for
// whom the page is prerendered. Written by src/lib/state/early.ts; a classic file, since no inline script may run.
try {
  const { theme, returning } = JSON.parse(localStorage.getItem('paddock-early') ?? '{}');
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  if (returning || location.search) root.dataset.returning = '';
} catch {
  // No storage, or a damaged entry: the page shows what a first visit shows, and the app says the rest.
}

// A click on the prerendered button before the app is there to hear it: FirstVisit.svelte looks for the mark.
document.addEventListener(
  'click',
  ({ target }) => {
    if (target.closest('[data-early]')) document.documentElement.dataset.wanted = '';
  },
  { capture: true },
);
