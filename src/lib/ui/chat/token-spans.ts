/** A reply's tokens as elements, a few at a time: thousands at once would hold the page up. */
import type { TokenLogprob } from '#core/engine';
import { tintOf, tokenText } from './token-text';

/** Elements between two pauses: a millisecond or two. */
const AT_ONCE = 250;

function toSpan(token: TokenLogprob, at: number): HTMLSpanElement {
  const span = document.createElement('span');
  span.className = `token tint-${tintOf(token)}`;
  span.dataset.at = String(at);
  const part = token.token === '' || token.token.includes('\uFFFD');
  // A line's end stays one, and is seen.
  span.textContent = part ? tokenText(token) : token.token.replaceAll('\n', '⏎\n');
  return span;
}

/** Fills `box`, a group of elements for each pause; returns what stops it. */
export function drawTokens(box: HTMLElement, tokens: readonly TokenLogprob[]): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = (from: number) => {
    const group = document.createElement('span');
    tokens
      .slice(from, from + AT_ONCE)
      .forEach((token, at) => group.append(toSpan(token, from + at)));
    box.append(group);
    if (from + AT_ONCE < tokens.length) timer = setTimeout(draw, 0, from + AT_ONCE);
  };
  box.replaceChildren();
  draw(0);
  return () => clearTimeout(timer);
}

/** The element of token `at`; null: it is not drawn yet, or there is none. */
export function tokenSpan(box: HTMLElement, at: number): HTMLElement | null {
  const group = box.children[Math.floor(at / AT_ONCE)];
  return (group?.children[at % AT_ONCE] as HTMLElement | undefined) ?? null;
}
