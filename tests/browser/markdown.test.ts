import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { read } from '../../src/lib/client/reading';
import { parsed } from '../../src/lib/ui/markdown/lex';
import { markdownView } from '../../src/lib/ui/markdown/view';
import { MARKDOWN_CORPUS, randomMarkdown, randomNumbers } from '../fixtures/markdown-corpus';
import { CANARY, XSS_CORPUS } from '../fixtures/xss-corpus';

const ALLOWED = new Set(
  (
    'p h1 h2 h3 h4 h5 h6 blockquote ul ol li pre code em strong del a br hr table thead tbody ' +
    'tr th td input div figure figcaption span button img ' +
    'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover ' +
    'munderover mtable mtr mtd menclose mpadded mphantom mstyle'
  ).split(' '),
);
const PIXELS = /^data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$/;

/** Feeds `source` in pieces; the length of each is asked for. */
function stream(source: string, pieceLength: () => number, container = place()): HTMLElement {
  const view = markdownView(container);
  for (let end = 0; end < source.length;) {
    end = Math.min(source.length, end + pieceLength());
    view.update(source.slice(0, end), false);
  }
  view.update(source, true);
  return container;
}

function whole(source: string): HTMLElement {
  const container = place();
  markdownView(container).update(source, true);
  return container;
}

function place(): HTMLElement {
  const container = document.createElement('div');
  document.body.append(container);
  return container;
}

/** Resolves when formulas are set and code is coloured: the worker answers in order. */
async function finished(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await read('math', { tex: 'x', display: false });
    await new Promise((done) => setTimeout(done));
  }
}

/** Without the colours of code, which come when they have been worked out. */
function shape(root: HTMLElement): string {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const code of copy.querySelectorAll('code')) code.replaceChildren(code.textContent);
  return copy.innerHTML;
}

function hazards(root: HTMLElement): string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll('*')) {
    const tag = element.localName;
    if (!ALLOWED.has(tag)) found.push(`<${tag}>`);
    if (tag === 'input' && !element.matches('[type=checkbox][disabled]')) found.push('input');
    if (tag === 'button' && !element.matches(':is(.copy, .wrap)[type=button]'))
      found.push('button');
    if (tag === 'img' && PIXELS.test(element.getAttribute('src') ?? '')) {
      if (element.getAttributeNames().some((name) => !/^(src|alt)$/.test(name))) found.push('img');
      continue;
    }
    if (tag === 'img') found.push('<img>');
    for (const { name, value } of element.attributes) {
      const address = name === 'href' && !/^(https?:\/\/|mailto:)/.test(value);
      if (address || /^on|^(id|name|style|src|srcset|ping|action|formaction)$/.test(name)) {
        found.push(`${tag}[${name}=${value}]`);
      }
    }
  }
  return found;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

const violations: string[] = [];
const requested = () =>
  performance.getEntriesByType('resource').filter(({ name }) => name.startsWith(CANARY));

beforeAll(() => {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    violations.push(`${violatedDirective} ${blockedURI}`),
  );
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content =
    "require-trusted-types-for 'script'; trusted-types dompurify default; img-src 'self' data:; " +
    "style-src-attr 'none'; frame-src 'none'; object-src 'none'; form-action 'none'";
  document.head.append(policy);
  const factory = (globalThis as unknown as { trustedTypes: PolicyFactory }).trustedTypes;
  factory.createPolicy('default', {
    createScriptURL(url) {
      if (url.includes('/workers/reading/main')) return url;
      throw new TypeError(url);
    },
  });
});

afterEach(() => {
  document.body.replaceChildren();
});

describe('hostile replies', () => {
  const globals = new Set(Object.getOwnPropertyNames(window));

  it.each(Object.entries(XSS_CORPUS))('%s: whole and byte by byte', async (_, source) => {
    const atOnce = whole(source);
    expect(hazards(atOnce)).toEqual([]);
    await finished();
    expect(hazards(atOnce)).toEqual([]);
    const container = place();
    const view = markdownView(container);
    for (let end = 1; end <= source.length; end++) {
      view.update(source.slice(0, end), false);
      expect(hazards(container)).toEqual([]);
    }
    view.update(source, true);
    await finished();
    expect(hazards(container)).toEqual([]);
    expect(container.innerHTML).toBe(atOnce.innerHTML);
    for (const link of container.querySelectorAll('a')) {
      expect(link.rel).toBe('noreferrer noopener');
      expect(link.title).toBe(link.getAttribute('href'));
      link.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
    }
  });

  it('has run no script, asked for nothing and met no policy', async () => {
    for (const source of Object.values(XSS_CORPUS)) whole(source);
    // Loads and error handlers run in tasks of their own: two frames later they would have.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const added = Object.getOwnPropertyNames(window).filter((name) => !globals.has(name));
    expect(added).toEqual([]);
    expect(requested()).toEqual([]);
    expect(violations).toEqual([]);
  });

  it('would notice: the same checks see a bare image and a bare string', async () => {
    const image = document.createElement('img');
    const refused = new Promise((done) => {
      document.addEventListener('securitypolicyviolation', done, { once: true });
    });
    image.src = `${CANARY}/control.png`;
    image.id = 'pwned';
    const container = place();
    container.append(image);
    expect(hazards(container)).toHaveLength(3);
    await refused;
    expect(violations.some((line) => line.startsWith('img-src'))).toBe(true);
    expect(() => {
      container.innerHTML = '<b>x</b>';
    }).toThrow(TypeError);
  });
});

/** For a longer search: more of them. */
const HUNDREDS = Array.from({ length: 10 }, (_, index) => index);

describe('a stream ends as the text at once', () => {
  it.each(Object.entries(MARKDOWN_CORPUS))('%s', async (name, source) => {
    // A formula that is read while its paragraph grows is known from then on: first all of them are.
    whole(source);
    await finished();
    const expected = shape(whole(source));
    expect(shape(stream(source, () => 1)), 'byte by byte').toBe(expected);
    const random = randomNumbers(name.length);
    for (let round = 0; round < 5; round++) {
      const container = stream(source, () => 1 + Math.floor(random() * 30));
      expect(shape(container), `round ${round}`).toBe(expected);
    }
  });

  it.each(HUNDREDS)('random text, seeds from %i00', (hundred) => {
    for (let seed = hundred * 100; seed < hundred * 100 + 100; seed++) {
      const source = randomMarkdown(seed, 24);
      const random = randomNumbers(seed);
      const expected = shape(whole(source));
      const got = shape(stream(source, () => 1 + Math.floor(random() * 12)));
      expect(got, JSON.stringify(source)).toBe(expected);
      document.body.replaceChildren();
    }
  });

  it('ends with the same colours and formulas', async () => {
    const source = [
      ...[
        '```js',
        'const a = `b ${1}`; // c',
        ...Array<string>(150).fill('run("x", 1);'),
        '```',
        '',
      ],
      ...[
        '- in a list',
        '  ```py',
        '  def f(): return "x"',
        '  ```',
        '- $a_1$',
        '',
        '$$',
        'b^2',
        '$$',
      ],
    ].join('\n');
    const random = randomNumbers(7);
    const expected = whole(source);
    const container = place();
    const view = markdownView(container);
    for (let end = 0; end < source.length; end += 1 + Math.floor(random() * 80)) {
      view.update(source.slice(0, end), false);
      if (random() < 0.2) await finished();
    }
    view.update(source, true);
    // Both are coloured by one worker, which may have yet to start.
    const lines = () => expected.querySelectorAll('.lines').length;
    await expect.poll(lines, { timeout: 30_000 }).toBeGreaterThan(2);
    await expect.poll(() => container.innerHTML, { timeout: 30_000 }).toBe(expected.innerHTML);
    expect(expected.querySelectorAll('.code-keyword').length).toBeGreaterThan(1);
    expect(expected.querySelectorAll('.lines').length).toBeGreaterThan(2);
    expect(expected.querySelectorAll('math')).toHaveLength(2);
  }, 60_000);

  it('starts over for another text, and goes on after the end', () => {
    const container = place();
    const view = markdownView(container);
    view.update('# One\n\ntext', true);
    view.update('Two\n\n- a', false);
    expect(container.textContent).not.toContain('One');
    view.update('Two\n\n- a', true);
    view.update('Two\n\n- a\n- b', true);
    expect(container.innerHTML).toBe(whole('Two\n\n- a\n- b').innerHTML);
    view.destroy();
    expect(container.childNodes).toHaveLength(0);
  });
});

describe('cost', () => {
  const TOKEN = 8;
  const shapes: Record<string, (length: number) => string> = {
    paragraphs: (length) =>
      'Some *words* that fill a paragraph of usual size.\n\n'.repeat(length / 50),
    'one list': (length) => '- an **item** of the list\n'.repeat(length / 26),
    'one loose list': (length) => '1. an **item** of the list\n\n'.repeat(length / 28),
    'one table': (length) =>
      `| a | b |\n|---|---|\n${'| some cell | another |\n'.repeat(length / 24)}`,
    'one code block': (length) => `\`\`\`js\n${'const a = 1; // text\n'.repeat(length / 21)}`,
    'one line of code': (length) => `\`\`\`\n${'a = 1; '.repeat(length / 7)}`,
    'one paragraph': (length) => 'Words *and* words and no end of it. '.repeat(length / 36),
    'one quote': (length) => '> quoted words, line by line\n'.repeat(length / 29),
    'one nested list': (length) => `- a\n${'  - an item below\n'.repeat(length / 18)}`,
    'no blank lines': (length) => '## Title\nText below it\n'.repeat(length / 23),
    definitions: (length) => '[label]: https://example.com/a\n'.repeat(length / 31),
  };

  function cost(source: string): number {
    // On a machine of endless speed nothing is put off: the worst case, the same everywhere.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const before = parsed.characters;
    stream(source, () => TOKEN);
    clock.mockRestore();
    document.body.replaceChildren();
    return parsed.characters - before;
  }

  it.each(Object.entries(shapes))('%s: twice the text is at most twice the parsing', (_, shape) => {
    const short = cost(shape(10_000));
    const long = cost(shape(20_000));
    // The share that any one growth step may fall on either side of.
    expect(long).toBeLessThanOrEqual(2.3 * short + 20_000);
    // At worst every update parses the length under which that is cheap.
    expect(long).toBeLessThanOrEqual((20_000 / TOKEN) * 4096 + 20 * 20_000);
  });

  it('does not parse an open code block again', () => {
    expect(cost(shapes['one code block']!(20_000))).toBeLessThan(20_000);
  });

  it('keeps the nodes of finished blocks, items and rows', () => {
    const source = 'First.\n\n- a\n- b\n- c\n- d\n- e\n';
    const container = place();
    const view = markdownView(container);
    view.update('First.\n\n- a\n- b\n- c\n', false);
    const paragraph = container.querySelector('p');
    const item = container.querySelector('li');
    view.update(source, false);
    expect(container.querySelector('p')).toBe(paragraph);
    expect(container.querySelector('li')).toBe(item);
  });
});

describe('controls', () => {
  it('wraps lines where it is told to, in blocks of before and after', () => {
    const container = place();
    let asked = 0;
    const view = markdownView(container, () => asked++);
    view.update('```js\na\n```\n\ntext\n\n', false);
    const pressed = () =>
      [...container.querySelectorAll('.wrap')].map((button) => button.ariaPressed);
    expect(pressed()).toEqual(['false']);
    container.querySelector<HTMLElement>('.wrap')!.click();
    expect(asked).toBe(1);
    view.wrap(true);
    view.update('```js\na\n```\n\ntext\n\n~~~\nb\n', true);
    expect(pressed()).toEqual(['true', 'true']);
    expect(container.classList.contains('wraps')).toBe(true);
  });

  it('names the language, scrolls by keyboard and copies the code', async () => {
    const copied: string[] = [];
    const clipboard = { writeText: (text: string) => Promise.resolve(void copied.push(text)) };
    Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
    const container = whole('```js\nconst a = 1;\n```');
    expect(container.querySelector('figcaption span')?.textContent).toBe('js');
    expect(container.querySelector('pre')?.tabIndex).toBe(0);
    const button = container.querySelector<HTMLElement>('.copy')!;
    button.click();
    await expect.poll(() => button.textContent).toBe('Copied');
    expect(copied).toEqual(['const a = 1;']);
  });

  it('says so when the clipboard refuses', async () => {
    const clipboard = { writeText: () => Promise.reject(new DOMException('', 'NotAllowedError')) };
    Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
    const button = whole('```\nx\n```').querySelector<HTMLElement>('.copy')!;
    button.click();
    await expect.poll(() => button.textContent).toContain('Not copied');
  });

  it('shows an image as a link that names its host', () => {
    const link = whole('![A cat](https://img.example/cat.png)').querySelector('a')!;
    expect(link.textContent).toBe('A cat (img.example)');
    expect(link.target).toBe('_blank');
  });
});
