/** A code block: its language, its buttons, and the text in a box that scrolls. */
function button(name: string, words: string, label: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = name;
  made.textContent = words;
  made.ariaLabel = label;
  return made;
}

/** `wraps`: long lines do, as the button says. */
export function codeBlock(language: string, code: string, wraps: boolean): HTMLElement {
  const block = document.createElement('figure');
  block.className = 'code-block';

  const head = document.createElement('figcaption');
  const label = document.createElement('span');
  label.textContent = language || 'text';
  const wrap = button('wrap', 'Wrap', 'Wrap long lines');
  wrap.ariaPressed = String(wraps);
  head.append(label, wrap, button('copy', 'Copy', 'Copy code'));

  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  // No region: two landmarks of one name are none.
  pre.role = 'group';
  pre.ariaLabel = language ? `Code, ${language}` : 'Code';
  const content = document.createElement('code');
  if (language) content.dataset.language = language;
  // Appending to the last text is how an open block grows; `CodeColours` puts what it colours in front.
  content.append(document.createTextNode(code));
  pre.append(content);

  block.append(head, pre);
  return block;
}
