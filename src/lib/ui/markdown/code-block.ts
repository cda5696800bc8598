/** A code block: its language, a Copy button, and the text in a box that scrolls. */
export interface CodeBlock {
  block: HTMLElement;
  /** The code; appending to it is how an open block grows. */
  text: Text;
}

export function codeBlock(language: string, code: string): CodeBlock {
  const block = document.createElement('figure');
  block.className = 'code-block';

  const head = document.createElement('figcaption');
  const label = document.createElement('span');
  label.textContent = language || 'text';
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.className = 'copy';
  copy.textContent = 'Copy';
  copy.ariaLabel = 'Copy code';
  head.append(label, copy);

  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  pre.role = 'region';
  pre.ariaLabel = language ? `Code, ${language}` : 'Code';
  const content = document.createElement('code');
  const text = document.createTextNode(code);
  content.append(text);
  pre.append(content);

  block.append(head, pre);
  return { block, text };
}
