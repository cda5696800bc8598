/** LaTeX as MathML, code in colours: what a reader gets, and what it may cost. */
import { afterEach, describe, expect, it } from 'vitest';
import { read } from '../../src/lib/client/reading';
import '../../src/lib/ui/markdown/math.css';
import { markdownView } from '../../src/lib/ui/markdown/view';

async function show(source: string): Promise<HTMLElement> {
  const container = document.createElement('div');
  container.className = 'markdown';
  document.body.append(container);
  markdownView(container).update(source, true);
  for (let round = 0; round < 3; round++) {
    await read('math', { tex: 'x', display: false });
    await new Promise((done) => setTimeout(done));
  }
  return container;
}

const formulas = (root: Element) => [...root.querySelectorAll('math')].map((m) => m.textContent);

afterEach(() => document.body.replaceChildren());

describe('formulas', () => {
  it.each([
    ['Let $x$ be.', ['x']],
    ['\\(a+b\\) and $$c=d$$', ['a+b', 'c=d']],
    ['\\[ e^{x} \\]', ['ex']],
    ['text\n$$\na\n- b\n$$\nmore', ['a−b']],
    ['\\[\nf = g\n\\]', ['f=g']],
    ['**bold $a*b$ more**', ['a∗b']],
    ['It costs $5 and $10.', []],
    ['US$20 to US$30, $20K and US$ 30', []],
    ['`$a$` and\n\n```\n$b$\n```\n\n    $c$', []],
    ['\\[not\\] \\(see below\\) \\[1\\]', []],
    ['$ a $ and a$b$', []],
    ['$$ to $$$', []],
    ['a \\$5 b$', []],
  ])('%s', async (source, expected) => {
    expect(formulas(await show(source))).toEqual(expected);
  });

  it('shows the source of what it cannot read', async () => {
    const container = await show('$\\nothing{x}$ and $\\frac{1}$');
    expect(formulas(container)).toEqual([]);
    const [first] = container.querySelectorAll('code.formula.unread');
    expect(first?.textContent).toBe('\\nothing{x}');
  });

  it('writes letters that browsers have no style for in their own alphabet', async () => {
    const container = await show('$\\mathbb{R}\\mathcal{L}\\mathbf{x}\\mathfrak{g}\\mathtt{1}$');
    expect(formulas(container)).toEqual(['ℝℒ𝐱𝔤𝟷']);
  });

  it('leaves a prime where its font has it', async () => {
    const container = await show("$f'(x) + x^2 + g''$");
    const raised = [...container.querySelectorAll('msup')].map((one) => one.textContent);
    expect(raised).toEqual(['x2']);
  });

  it('aligns the columns of an equation', async () => {
    const container = await show('$$\\begin{aligned}a&=b\\\\c&=d\\end{aligned}$$');
    const cells = [...container.querySelectorAll('mtd')];
    expect(cells.map((cell) => getComputedStyle(cell).textAlign)).toEqual([
      ...['end', 'start', 'end', 'start'],
    ]);
  });

  const x = 'x'.repeat(230);
  it.each([
    ['\\edef', `\\def\\a{x}${'\\edef\\a{\\a\\a}'.repeat(30)}\\a`],
    [
      '\\def',
      '\\def\\a{xxxxxxxx}\\def\\b{\\a\\a\\a\\a\\a\\a}\\def\\c{\\b\\b\\b\\b\\b\\b}\\c\\c\\c\\c',
    ],
    ['one long macro', `\\def\\a{${x}}${'\\a'.repeat(120)}`],
    ['a longer one', `\\def\\a{${x.repeat(8)}}${'\\a'.repeat(900)}`],
    ['one that calls itself', '\\def\\a{\\a\\a}\\a'],
    ['deep roots', `${'\\sqrt{'.repeat(500)}x${'}'.repeat(500)}`],
    ['deep fractions', `${'\\frac{1}{'.repeat(300)}x${'}'.repeat(300)}`],
    ['many letters', 'x+'.repeat(5000)],
  ])('%s ends', async (_, tex) => {
    await read('math', { tex: 'x', display: false });
    const begun = performance.now();
    const markup = await read('math', { tex, display: true });
    // Not a matter of speed: without bounds these take seconds, minutes or all memory.
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(markup?.length ?? 0).toBeLessThanOrEqual(200_000);
  });
});

describe('colours of code', () => {
  it('keeps each letter of the code', async () => {
    const code = 'const a = `b ${c + 1}`; /* d\n e */\n'.repeat(500);
    const container = await show(`\`\`\`ts\n${code}\`\`\``);
    await expect.poll(() => container.querySelectorAll('.lines').length).toBeGreaterThan(16);
    expect(container.querySelector('code')?.textContent).toBe(code.replace(/\n$/, ''));
    expect(container.querySelector('.code-keyword')?.textContent).toBe('const');
  });

  it('leaves a language that it does not know, and what is behind 50 kB', async () => {
    const plain = await show('```nolang\nconst a = 1;\n```\n\n```\nconst b = 2;\n```');
    expect(plain.querySelector('.lines, .code-keyword')).toBeNull();
    const long = await show(`\`\`\`js\n${'const a = 1;\n'.repeat(5000)}\`\`\``);
    const rest = () => long.querySelector('code')?.lastChild?.textContent?.length;
    await expect.poll(rest, { timeout: 30_000 }).toBe(5000 * 13 - 1 - 50_000);
    expect(long.querySelectorAll('.lines').length).toBeGreaterThan(60);
  }, 60_000);
});

describe('images in the text', () => {
  const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

  it('shows pixels, and never a document or another address', async () => {
    const container = await show(
      `![dot](data:image/gif;base64,${GIF}) ![svg](data:image/svg+xml;base64,PHN2Zy8+) ![far](https://a.example/x.png)`,
    );
    const images = [...container.querySelectorAll('img')];
    expect(images.map(({ alt, src }) => [alt, src])).toEqual([
      ['dot', `data:image/gif;base64,${GIF}`],
    ]);
    expect(container.querySelector('a')?.textContent).toBe('far (a.example)');
  });

  it('takes a long one for one word', async () => {
    const container = await show(`**a** ![x](data:image/png;base64,${'A'.repeat(40_000)})`);
    expect(container.querySelector('img')).not.toBeNull();
    expect(container.querySelector('strong')?.textContent).toBe('a');
  });
});
