/** Puts formulas in the place of their LaTeX, as MathML: the browser sets it, with a font of the system's. */
import DOMPurify from 'dompurify';
import { read } from '$lib/client/reading';
import { adapt } from './mathml';

const CONFIG = {
  ALLOWED_TAGS: [
    ...['math', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'mfrac', 'msqrt', 'mroot'],
    ...['msub', 'msup', 'msubsup', 'munder', 'mover', 'munderover', 'mmultiscripts'],
    ...['mtable', 'mtr', 'mtd', 'menclose', 'mpadded', 'mphantom', 'mstyle', '#text'],
  ],
  ALLOWED_ATTR: [
    ...['display', 'displaystyle', 'scriptlevel', 'mathvariant', 'mathcolor', 'mathbackground'],
    ...['accent', 'accentunder', 'stretchy', 'symmetric', 'fence', 'separator', 'largeop'],
    ...['movablelimits', 'lspace', 'rspace', 'minsize', 'maxsize', 'linethickness', 'notation'],
    ...['width', 'height', 'depth', 'voffset', 'columnalign', 'columnlines', 'rowlines'],
  ],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true as const,
};

/** Formulas kept, so that a paragraph that grows does not ask for its own again with each word. */
const KEPT = 500;
const known = new Map<string, Element | null>();

function keep(key: string, formula: Element | null): void {
  const oldest = known.keys().next();
  if (known.size >= KEPT && !oldest.done) known.delete(oldest.value);
  known.set(key, formula);
}

function toElement(markup: string, display: boolean): Element | null {
  const math = DOMPurify.sanitize(markup, CONFIG).querySelector('math');
  if (!math) return null;
  adapt(math);
  const box = document.createElement('span');
  box.className = display ? 'formula display' : 'formula';
  if (display) {
    // A wide one scrolls, by keyboard too.
    box.tabIndex = 0;
    box.role = 'group';
    box.ariaLabel = 'Formula';
  }
  box.append(math);
  return box;
}

function put(place: Element, formula: Element | null): void {
  if (formula) place.replaceWith(formula.cloneNode(true));
  else place.classList.add('unread');
}

async function ask(place: Element, key: string, display: boolean): Promise<void> {
  const markup = await read('math', { tex: place.textContent, display });
  const formula = markup === null ? null : toElement(markup, display);
  keep(key, formula);
  if (place.isConnected) put(place, formula);
}

/** Sets the formulas in `root` that have an end: at once those of before, the others when they are read. */
export function setFormulas(root: ParentNode): void {
  for (const place of root.querySelectorAll('code.formula:not(.open)')) {
    const display = place.classList.contains('display');
    const key = `${display ? 'D' : 'I'}${place.textContent}`;
    const formula = known.get(key);
    if (formula === undefined) void ask(place, key, display);
    else put(place, formula);
  }
}
