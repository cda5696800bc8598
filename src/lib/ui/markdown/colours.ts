/** Colours of code, in time linear in its length: what is coloured stays, what arrives is plain until it is read. */
import { read } from '$lib/client/reading';
import { paint, type Painted } from './paint';

/** Characters from the first on that are coloured. */
const LONGEST = 50_000;
/** Growing code is read again when a quarter of it is new, short code also after this many milliseconds. */
const NEW_SHARE = 1 / 4;
const SHORT = 4096;
const EVERY_MS = 500;

interface Block extends Painted {
  language: string;
  /** Characters, and when it was, that the worker was asked last. */
  asked: number;
  askedAt: number;
  closed: boolean;
  busy: boolean;
}

/** The colours last found for a language: a list that is drawn again has its code at once as it was. */
const recent = new Map<string, { code: string; runs: Uint32Array }>();

function codeOf({ code }: Block): string {
  return code.textContent.slice(0, LONGEST);
}

export class CodeColours {
  #blocks = new Map<Text, Block>();

  /** Colours the code blocks in `nodes`, which are in the page now. */
  add(nodes: Iterable<ChildNode>): void {
    for (const text of this.#blocks.keys()) if (!text.isConnected) this.#blocks.delete(text);
    for (const node of nodes) {
      if (!(node instanceof Element)) continue;
      for (const code of node.querySelectorAll<HTMLElement>('code[data-language]')) this.#see(code);
    }
  }

  /** The block that ends in `text` has grown; `closed`: for the last time. */
  grew(text: Text, closed: boolean): void {
    const block = this.#blocks.get(text);
    if (!block) return;
    block.closed = closed;
    if (this.#due(block)) void this.#ask(block);
  }

  #see(code: HTMLElement): void {
    const text = code.lastChild;
    if (!(text instanceof Text) || this.#blocks.has(text)) return;
    const language = code.dataset.language?.toLowerCase() ?? '';
    const block: Block = {
      ...{ code, text, segments: [], length: 0, language },
      ...{ asked: 0, askedAt: -Infinity, closed: true, busy: false },
    };
    this.#blocks.set(text, block);
    const before = recent.get(language);
    if (before && before.code.length <= SHORT && codeOf(block).startsWith(before.code)) {
      void paint(block, before.code, before.runs);
      block.asked = before.code.length;
    }
    if (this.#due(block)) void this.#ask(block);
  }

  #due(block: Block): boolean {
    const length = Math.min(LONGEST, block.length + block.text.length);
    const grown = length - block.asked;
    if (block.busy || grown <= 0) return false;
    if (block.closed) return true;
    if (performance.now() - block.askedAt < EVERY_MS) return false;
    return length <= SHORT || grown >= length * NEW_SHARE;
  }

  async #ask(block: Block): Promise<void> {
    const code = codeOf(block);
    block.busy = true;
    block.asked = code.length;
    block.askedAt = performance.now();
    const runs = await read('code', { language: block.language, code });
    if (runs === null || !block.text.isConnected) {
      block.asked = Infinity; // a language that nobody knows
      return;
    }
    recent.set(block.language, { code, runs });
    await paint(block, code, runs);
    block.busy = false;
    if (this.#due(block)) void this.#ask(block);
  }
}
