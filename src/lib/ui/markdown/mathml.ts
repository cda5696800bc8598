/** What browsers leave out of MathML (https://www.w3.org/TR/mathml-core/), written in what they have. */

/** First letters of the mathematical alphabets: capitals, small letters, digits (Unicode 16, 1D400 to 1D7FF). */
const ALPHABETS: Record<string, [capital: number, small: number, digit: number]> = {
  bold: [0x1d400, 0x1d41a, 0x1d7ce],
  italic: [0x1d434, 0x1d44e, 0],
  'bold-italic': [0x1d468, 0x1d482, 0],
  script: [0x1d49c, 0x1d4b6, 0],
  'bold-script': [0x1d4d0, 0x1d4ea, 0],
  fraktur: [0x1d504, 0x1d51e, 0],
  'bold-fraktur': [0x1d56c, 0x1d586, 0],
  'double-struck': [0x1d538, 0x1d552, 0x1d7d8],
  'sans-serif': [0x1d5a0, 0x1d5ba, 0x1d7e2],
  'bold-sans-serif': [0x1d5d4, 0x1d5ee, 0x1d7ec],
  monospace: [0x1d670, 0x1d68a, 0x1d7f6],
};

/** Letters that had a place of their own before there were alphabets. */
const OLDER: Record<string, Record<string, string>> = {
  italic: { h: 'ℎ' },
  script: { ...zip('BEFHILMR', 'ℬℰℱℋℐℒℳℛ'), ...zip('ego', 'ℯℊℴ') },
  fraktur: zip('CHIRZ', 'ℭℌℑℜℨ'),
  'double-struck': zip('CHNPQRZ', 'ℂℍℕℙℚℝℤ'),
};

function zip(keys: string, values: string): Record<string, string> {
  return Object.fromEntries([...keys].map((key, at) => [key, [...values][at] ?? key]));
}

function inAlphabet(variant: string, text: string): string {
  const [capital, small, digit] = ALPHABETS[variant] ?? [0, 0, 0];
  const shift = (letter: string, from: string, to: number) =>
    to === 0 ? letter : String.fromCodePoint(to + letter.charCodeAt(0) - from.charCodeAt(0));
  return text.replace(/[A-Za-z0-9]/g, (letter) => {
    if (/[A-Z]/.test(letter)) return OLDER[variant]?.[letter] ?? shift(letter, 'A', capital);
    if (/[a-z]/.test(letter)) return OLDER[variant]?.[letter] ?? shift(letter, 'a', small);
    return shift(letter, '0', digit);
  });
}

/** The last value of a list stands for all that follow. */
function nth(list: string[], index: number): string {
  return list[Math.min(index, list.length - 1)] ?? '';
}

/** Alignment and lines of a table's cells, as classes: the style sheet has them. */
function adaptTable(table: Element): void {
  const words = (name: string) => table.getAttribute(name)?.split(' ') ?? [];
  const [aligned, columns, rows] = [words('columnalign'), words('columnlines'), words('rowlines')];
  for (const [row, { children }] of [...table.children].entries()) {
    for (const [column, cell] of [...children].entries()) {
      const align = nth(aligned, column);
      if (align === 'left' || align === 'right') cell.classList.add(align);
      // The alternating columns of `aligned` and `cases` stand close.
      if (nth(columns, column) === 'solid') cell.classList.add('line-after');
      if (nth(rows, row) === 'solid' && row < table.children.length - 1) {
        cell.classList.add('line-below');
      }
    }
  }
  if (aligned.join(' ').includes('right left')) table.classList.add('aligned');
}

/** Changes `math`, sanitised already. */
export function adapt(math: Element): void {
  for (const leaf of math.querySelectorAll('[mathvariant]')) {
    const variant = leaf.getAttribute('mathvariant') ?? '';
    if (!(variant in ALPHABETS) || leaf.childElementCount > 0) continue;
    leaf.textContent = inAlphabet(variant, leaf.textContent);
    leaf.removeAttribute('mathvariant');
  }
  // Fonts draw a prime small and high already; raised once more, Chromium (156) shows a dot.
  for (const power of math.querySelectorAll('msup')) {
    if (!/^[′″‴⁗]+$/.test(power.lastElementChild?.textContent ?? '')) continue;
    const row = document.createElementNS(power.namespaceURI, 'mrow');
    row.append(...power.children);
    power.replaceWith(row);
  }
  for (const table of math.querySelectorAll('mtable')) adaptTable(table);
}
