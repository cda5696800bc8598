/** The focus goes on nearby when what has it leaves the page, instead of at the page's beginning. */
import { navigating } from '$app/state';
import { messageBox } from './message-box';

const REACHABLE =
  'a[href], button:not(:disabled), input:not(:disabled, [hidden]), textarea, select, summary, [tabindex="0"]';

/** Where an element was that is gone. */
interface Gap {
  /** What it lay in that is still there. */
  around: Element;
  /** What stood before and behind what went with it. */
  before: Node | null;
  behind: Node | null;
}

/** Begins; returns what ends it. */
export function keepFocus(): () => void {
  let last: Element | null = null;
  const note = ({ target }: FocusEvent) => (last = target as Element);
  const observer = new MutationObserver((records) => {
    if (last === null || last.isConnected) return;
    const lost = last;
    last = null;
    // Of another page the router has the focus begin at its beginning.
    if (document.activeElement !== document.body || navigating.to !== null) return;
    const gap = gapOf(lost, records);
    if (gap) heir(gap)?.focus({ preventScroll: true });
  });
  document.addEventListener('focusin', note);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener('focusin', note);
    observer.disconnect();
  };
}

/** The outermost removal that took it. */
function gapOf(lost: Element, records: MutationRecord[]): Gap | undefined {
  const record = records.findLast(
    ({ target, removedNodes }) =>
      target.isConnected && [...removedNodes].some((node) => node.contains(lost)),
  );
  if (!record) return undefined;
  const { target, previousSibling, nextSibling } = record;
  return { around: target as Element, before: previousSibling, behind: nextSibling };
}

function heir({ around, before, behind }: Gap): HTMLElement | undefined {
  const dialog = around.closest('dialog');
  if (dialog) return dialog.querySelector<HTMLElement>(REACHABLE) ?? undefined;
  const message = around.closest<HTMLElement>('[data-message]');
  if (message) return reachable(message);
  // A notice lies beside the page, and nothing of the page is next to it.
  const inPage = around.closest('main, aside, nav') !== null;
  for (const place of inPage ? [...following(behind), ...following(before, true)] : []) {
    if (place.matches('[data-message]')) return reachable(place);
    const inside = place.matches(REACHABLE) ? place : place.querySelector<HTMLElement>(REACHABLE);
    if (inside?.checkVisibility() && !raisesKeyboard(inside)) return inside;
  }
  const box = messageBox();
  return box && !raisesKeyboard(box) ? box : (document.querySelector('main') ?? undefined);
}

/** On a touch screen, over the half of the page. */
function raisesKeyboard(element: Element): boolean {
  return element.matches('input, textarea') && !matchMedia('(pointer: fine)').matches;
}

/** The elements from here on, or back. */
function* following(node: Node | null, back = false): Generator<HTMLElement> {
  for (let at = node; at; at = back ? at.previousSibling : at.nextSibling) {
    if (at instanceof HTMLElement && at.isConnected) yield at;
  }
}

/** A message has the focus as a whole: what of its buttons is meant nobody knows. */
function reachable(message: HTMLElement): HTMLElement {
  message.tabIndex = -1;
  return message;
}
