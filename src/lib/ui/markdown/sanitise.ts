/** The last step of rendering: nothing reaches the page but these elements and attributes. */
import DOMPurify from 'dompurify';
import { codeBlock } from './code-block';
import { isImageData } from './links';

const CONFIG = {
  ALLOWED_TAGS: [
    ...['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code'],
    ...['em', 'strong', 'del', 'a', 'br', 'hr', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
    ...['input', 'img'],
    // DOMPurify walks text as an element of its own.
    '#text',
  ],
  // No id, no name, no style: the model must not name things in our document.
  ALLOWED_ATTR: [
    ...['href', 'title', 'target', 'rel', 'start', 'align', 'class'],
    ...['type', 'checked', 'disabled', 'src', 'alt'],
  ],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  // Not addresses, so not held against the next line.
  ADD_URI_SAFE_ATTR: ['target', 'rel', 'start', 'align', 'type', 'checked', 'disabled'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  RETURN_DOM_FRAGMENT: true as const,
};

// DOMPurify lets images have any `data:` address.
DOMPurify.addHook('uponSanitizeAttribute', (element, attribute) => {
  if (attribute.attrName !== 'src') return;
  attribute.keepAttr = element.localName === 'img' && isImageData(attribute.attrValue);
});

/** Wide tables scroll in a box of their own, reachable by keyboard. */
function tableBox(table: Element): HTMLElement {
  const box = document.createElement('div');
  box.className = 'table-box';
  box.tabIndex = 0;
  box.role = 'group';
  box.ariaLabel = 'Table';
  table.replaceWith(box);
  box.append(table);
  return box;
}

/** Our HTML as nodes, sanitised, with our own controls added afterwards; `wraps`: of code, as its button says. */
export function toFragment(html: string, wraps: boolean): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, CONFIG);
  for (const pre of fragment.querySelectorAll('pre')) {
    const code = pre.firstElementChild;
    const language = code?.className.replace(/^language-/, '') ?? '';
    pre.replaceWith(codeBlock(language, pre.textContent, wraps));
  }
  for (const box of fragment.querySelectorAll('input'))
    box.ariaLabel = box.checked ? 'Done' : 'Open';
  for (const table of fragment.querySelectorAll('table')) tableBox(table);
  return fragment;
}
