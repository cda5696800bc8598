/**
 * A reply as it streams, in time linear in its length. Owns the container's content: blocks that
 * can no longer change are left alone, only the text behind them is parsed again.
 */
import type { Token, Tokens } from 'marked';
import { lengthOf, settledRows, settledTokens, type Open, type Settled } from './blocks';
import { CodeColours } from './colours';
import { serveControls } from './controls';
import { Definitions } from './definitions';
import { OpenFence } from './fence';
import { setFormulas } from './formulas';
import { lexBlocks } from './lex';
import { marked } from './render';
import { toFragment } from './sanitise';

export interface MarkdownView {
  /**
   * Shows `source`, the whole text so far; `done` when nothing will follow. Text that does not
   * continue the last one starts over.
   */
  update(source: string, done: boolean): void;
  /** Whether long lines of code wrap. */
  wrap(on: boolean): void;
  /** Empties the container. */
  destroy(): void;
}

/** Up to this length (about a millisecond of parsing) what is not settled is parsed each time. */
const CHEAP = 4096;
/** Longer: only when an eighth of it is new, so that the sum of all parses stays linear. */
const NEW_SHARE = 1 / 8;
/** Parsing rests four times as long as it took, however slow the machine. */
const REST = 4;

/** Blocks whose text may go on. */
const BLOCKS = 'p,ul,ol,li,blockquote,figure,pre,code,table,tbody,tr,td,div,h1,h2,h3,h4,h5,h6';

interface OpenBlock extends Open {
  /** The `ul`, `ol` or `tbody`. */
  element: Element;
  loose: boolean;
}

/** The element whose children are the rows of a rendered list or table. */
function rowsOf(node: ChildNode | undefined): Element | null {
  if (!(node instanceof Element)) return null;
  return node.matches('ul, ol') ? node : node.querySelector('tbody');
}

/** What stays when a new text begins. */
interface Look {
  container: HTMLElement;
  wraps: boolean;
}

/** Everything that one text has led to; a new text gets a new one. */
class Reply {
  readonly #look: Look;
  readonly #colours = new CodeColours();
  readonly #definitions: Definitions;
  source = '';
  done = false;
  /** A definition came after text that may refer to it. */
  lateDefinition = false;
  /** Up to where the source is settled, was parsed, is shown. */
  #settled = 0;
  #parsed = 0;
  #shown = 0;
  /** Nodes that the next parse replaces. */
  #tail: ChildNode[] = [];
  #open: OpenBlock | null = null;
  #fence: { fence: OpenFence; text: Text } | null = null;
  #rested = -Infinity;
  /** Drawn since colours and formulas were last seen to. */
  #fresh: ChildNode[] = [];

  constructor(look: Look, definitions: Definitions) {
    this.#look = look;
    this.#definitions = definitions;
    look.container.replaceChildren();
  }

  grow(source: string, done: boolean): void {
    this.source = source;
    this.done = done;
    if (this.#fence) this.#growFence(this.#fence.fence, this.#fence.text);
    if (this.#fence || this.#settled === source.length) return;
    const start = performance.now();
    if (!done && !this.#due(start)) return this.#appendUnparsed();
    this.#parse();
    this.#finish();
    const end = performance.now();
    this.#rested = end + REST * (end - start);
  }

  #growFence(fence: OpenFence, text: Text): void {
    const { code, closedAt } = fence.grow(this.source, this.done);
    if (code) text.appendData(code);
    this.#colours.grew(text, closedAt !== null || this.done);
    if (closedAt === null) return;
    this.#fence = null;
    this.#settle(closedAt);
  }

  /** Colours and formulas come to what was just drawn, later where they must be worked out. */
  #finish(): void {
    this.#colours.add(this.#fresh);
    this.#fresh = [];
    if (this.#fence) this.#colours.grew(this.#fence.text, false);
  }

  #due(now: number): boolean {
    if (now < this.#rested) return false;
    const length = this.source.length - this.#settled;
    return length <= CHEAP || this.source.length - this.#parsed >= length * NEW_SHARE;
  }

  /** Between two parses text is shown as it is, behind what is there. */
  #appendUnparsed(): void {
    const last = this.#tail.at(-1);
    let leaf = last instanceof HTMLElement ? last : null;
    while (leaf?.lastElementChild instanceof HTMLElement && leaf.lastElementChild.matches(BLOCKS)) {
      leaf = leaf.lastElementChild;
    }
    if (!leaf) {
      leaf = document.createElement('p');
      this.#look.container.append(leaf);
      this.#tail.push(leaf);
    }
    leaf.append(this.source.slice(this.#shown));
    this.#shown = this.source.length;
  }

  #parse(): void {
    for (const node of this.#tail) node.remove();
    const before = this.#settled;
    const prefix = this.#open?.prefix ?? '';
    const text = prefix + this.source.slice(before);
    const tokens = lexBlocks(text, this.#definitions.links);
    const count = this.done ? 0 : settledTokens(tokens, text);

    const rows = this.#open ? this.#continue(this.#open, tokens[0]) : null;
    const next = rows ? 1 : 0;
    this.#append(tokens.slice(next, count));
    if (count > 0) this.#settle(before + lengthOf(tokens.slice(0, count)) - prefix.length);
    const rest = this.#append(tokens.slice(Math.max(next, count)));
    this.#tail = count === 0 && rows ? [...rows, ...rest] : rest;
    this.#parsed = this.#shown = this.source.length;

    const split = this.done ? null : this.#split(tokens[count]);
    const settled = this.done ? tokens : [...tokens.slice(0, count), ...(split?.tokens ?? [])];
    if (this.#definitions.keep(tokens, settled) && !this.lateDefinition) {
      const reference = this.source.indexOf('[');
      this.lateDefinition = reference !== -1 && reference < before;
    }
    if (!this.done) this.#watchFence(tokens.at(-1));
  }

  #draw(tokens: Token[]): ChildNode[] {
    if (tokens.length === 0) return [];
    const fragment = toFragment(marked.parser(tokens), this.#look.wraps);
    setFormulas(fragment);
    const nodes = [...fragment.childNodes];
    this.#fresh.push(...nodes);
    return nodes;
  }

  #append(tokens: Token[]): ChildNode[] {
    const nodes = this.#draw(tokens);
    this.#look.container.append(...nodes);
    return nodes;
  }

  /** All that is shown stays, up to `end` of the source. */
  #settle(end: number): void {
    this.#settled = this.#parsed = this.#shown = end;
    this.#tail = [];
    this.#open = null;
  }

  /** Appends the rows of `token`, the rest of the open block. */
  #continue(open: OpenBlock, token: Token | undefined): ChildNode[] | null {
    if (token?.type !== open.type) return null;
    const rows = [...(rowsOf(this.#draw([token])[0])?.children ?? [])];
    open.element.append(...rows);
    this.#fresh.push(...rows);
    if (open.loose || (token as Tokens.List).loose) open.element.className = 'loose';
    else open.element.removeAttribute('class');
    return rows;
  }

  /** Settles the leading rows of a list or table, the first block of the tail. */
  #split(token: Token | undefined): Settled | null {
    const split = settledRows(token);
    const element = this.#open?.element ?? rowsOf(this.#tail[0]);
    if (!split || !element) return null;
    const unsettled: ChildNode[] = [];
    let row = element.lastElementChild;
    for (let left = split.rows - split.settledRows; row && left > 0; left--) {
      unsettled.unshift(row);
      row = row.previousElementSibling;
    }
    this.#tail.splice(0, this.#open ? split.rows : 1, ...unsettled);
    this.#settled += (this.#open ? 0 : split.prefix.length) + split.length;
    const loose = split.loose || this.#open?.loose === true;
    this.#open = { type: split.type, prefix: split.prefix, element, loose };
    return split;
  }

  #watchFence(last: Token | undefined): void {
    const opened = last && OpenFence.of(last, this.source);
    const text = (this.#tail.at(-1) as Element | undefined)?.querySelector?.('code')?.lastChild;
    if (!opened || !(text instanceof Text)) return;
    text.data = opened.code;
    this.#fence = { fence: opened.fence, text };
  }
}

/** Shows Markdown in `container`, which it owns until `destroy`; `onwrap`: somebody wants lines wrapped, or not. */
export function markdownView(container: HTMLElement, onwrap = () => {}): MarkdownView {
  const stopControls = serveControls(container, onwrap);
  const look: Look = { container, wraps: false };
  let definitions = new Definitions();
  let reply = new Reply(look, definitions);
  return {
    update(raw, done) {
      const source = normalise(raw, done);
      if (source === reply.source && (reply.done || !done)) return;
      // Comparing 50 kB takes microseconds: cheaper than bookkeeping that could be wrong.
      if (reply.done || !source.startsWith(reply.source)) {
        definitions = new Definitions();
        reply = new Reply(look, definitions);
      }
      reply.grow(source, done);
      if (done && reply.lateDefinition) {
        reply = new Reply(look, definitions);
        reply.grow(source, true);
      }
    },
    wrap(on) {
      look.wraps = on;
      container.classList.toggle('wraps', on);
      for (const button of container.querySelectorAll('button.wrap')) {
        button.ariaPressed = String(on);
      }
    },
    destroy() {
      stopControls();
      container.replaceChildren();
    },
  };
}

/** One kind of line end; a carriage return at the end waits for its other half. */
function normalise(source: string, done: boolean): string {
  if (!source.includes('\r')) return source;
  return (done ? source : source.replace(/\r$/, '')).replace(/\r\n?/g, '\n');
}
