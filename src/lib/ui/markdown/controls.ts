/** The buttons of one container's code blocks, by one listener. */
const SHOWN_MS = 2000;

function say(button: Element, words: string, back: Map<Element, number>): void {
  clearTimeout(back.get(button));
  button.textContent = words;
  button.ariaLabel = words;
  const timer = window.setTimeout(() => {
    back.delete(button);
    button.textContent = 'Copy';
    button.ariaLabel = 'Copy code';
  }, SHOWN_MS);
  back.set(button, timer);
}

async function copyCode(button: Element, back: Map<Element, number>): Promise<void> {
  const code = button.closest('figure')?.querySelector('code')?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(code);
    say(button, 'Copied', back);
  } catch {
    // Refused by the person or the browser, or no clipboard on this origin.
    say(button, 'Not copied. Select the text instead.', back);
  }
}

/** Serves the buttons inside `container`, `onwrap` those that ask for wrapped lines; returns what stops it. */
export function serveControls(container: HTMLElement, onwrap: () => void): () => void {
  const back = new Map<Element, number>();
  const onClick = (event: MouseEvent) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button?.matches('.copy')) void copyCode(button, back);
    if (button?.matches('.wrap')) onwrap();
  };
  container.addEventListener('click', onClick);
  return () => {
    container.removeEventListener('click', onClick);
    for (const timer of back.values()) clearTimeout(timer);
  };
}
