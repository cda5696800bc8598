/** The Copy buttons of one container, by one listener. */
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

/** Serves the Copy buttons inside `container`; returns what stops it. */
export function serveCopyButtons(container: HTMLElement): () => void {
  const back = new Map<Element, number>();
  const onClick = (event: MouseEvent) => {
    const button = event.target instanceof Element ? event.target.closest('button.copy') : null;
    if (button) void copyCode(button, back);
  };
  container.addEventListener('click', onClick);
  return () => {
    container.removeEventListener('click', onClick);
    for (const timer of back.values()) clearTimeout(timer);
  };
}
