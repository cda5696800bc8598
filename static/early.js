// Runs before the first paint and all modules; a file, since no inline script may run.

{
  const restrict = (policy, mark) => {
    const meta = document.createElement('meta');
    meta.httpEquiv = 'Content-Security-Policy';
    meta.content = policy;
    meta.dataset[mark] = '';
    document.head.append(meta);
  };

  if (self !== top) {
    // Framed, which a meta tag cannot forbid: no script of the page runs, and all there is to click opens a tab.
    restrict("default-src 'none'", 'framed');
    const root = document.documentElement;
    root.style.display = 'none';
    document.addEventListener('DOMContentLoaded', () => {
      const main = document.createElement('main');
      main.style.cssText = 'max-width: 560px; margin: 32px auto; font: 15px/1.5 system-ui';
      const add = (name, textContent) =>
        main.appendChild(Object.assign(document.createElement(name), { textContent }));
      add('h1', 'Paddock does not run inside another page').style.fontSize = '22px';
      add('p', 'The page around it could lead your clicks where you do not see them.');
      const link = add('a', 'Open Paddock in a tab of its own');
      Object.assign(link, { href: location.href, target: '_blank', rel: 'noopener' });
      document.body.replaceChildren(main);
      root.style.display = '';
    });
  } else {
    try {
      // The chosen looks and language, and whether this is a first visit, for whom the page is prerendered: src/lib/state/early.ts.
      const kept = JSON.parse(localStorage.getItem('paddock-early') ?? '{}');
      const { theme, textSize, sidebar, returning, lang = 'en', dir = 'ltr' } = kept;
      const root = Object.assign(document.documentElement, { lang, dir });
      if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
      if (textSize) root.dataset.text = textSize;
      if (sidebar === false) root.dataset.sidebar = 'off';
      if (returning || location.search) root.dataset.returning = '';
    } catch {
      // No storage, or a damaged entry: as on a first visit.
    }

    try {
      // The network is switched off: the browser refuses all other origins from here on. src/lib/client/network.ts.
      const policy = localStorage.getItem('paddock-network-off');
      if (policy) restrict(policy, 'networkOff');
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
}
