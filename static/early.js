// Runs before the first paint, and before anything else loads, which modules cannot; a classic file, since no
// inline script may run.

if (self !== top) {
  // Framed: around it another page could have a person click what they do not see, and a meta tag cannot forbid it.
  // Nothing more is loaded, and all there is to click opens Paddock in a tab of its own.
  stop();
  const add = (parent, name, text = '') => {
    const child = parent.appendChild(document.createElement(name));
    child.textContent = text;
    return child;
  };
  document.body?.remove();
  const main = add(add(document.documentElement, 'body'), 'main');
  main.style.cssText =
    'max-width: 560px; margin: 32px auto; padding: 0 24px; font: 15px/1.5 system-ui';
  document.title = 'Paddock';
  add(main, 'h1', 'Paddock does not run inside another page').style.fontSize = '22px';
  add(main, 'p', 'The page around it could lead your clicks where you do not see them.');
  const link = add(main, 'a', 'Open Paddock in a tab of its own');
  Object.assign(link, { href: location.href, target: '_blank', rel: 'noopener' });
} else {
  try {
    // The chosen theme, and whether this is a first visit, for whom the page is prerendered: src/lib/state/early.ts.
    const { theme, returning } = JSON.parse(localStorage.getItem('paddock-early') ?? '{}');
    const root = document.documentElement;
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    if (returning || location.search) root.dataset.returning = '';
  } catch {
    // No storage, or a damaged entry: the page shows what a first visit shows, and the app says the rest.
  }

  try {
    // The network is switched off: the browser refuses all other origins from here on. src/lib/client/network.ts.
    const policy = localStorage.getItem('paddock-network-off');
    if (policy) {
      const meta = document.createElement('meta');
      meta.httpEquiv = 'Content-Security-Policy';
      meta.content = policy;
      meta.dataset.networkOff = '';
      document.head.append(meta);
    }
  } catch {
    // No storage: then nothing was switched off in it.
  }

  // A click on the prerendered button before the app is there to hear it: FirstVisit.svelte looks for the mark.
  document.addEventListener(
    'click',
    ({ target }) => {
      if (target.closest('[data-early]')) document.documentElement.dataset.wanted = '';
    },
    { capture: true },
  );
}
