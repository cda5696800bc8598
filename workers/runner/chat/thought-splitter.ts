/** Splits a reply that begins with a thought while it streams. */
import type { ThinkTags } from '#core/template/think-tags';
import { overlap } from './overlap';

type State = 'before' | 'open' | 'thought' | 'closed' | 'answer';

interface Split {
  thinking: string;
  content: string;
}

/**
 * Blanks around a thought go, as in Ollama: before its first word, behind its last, and before the answer. Text that
 * does not begin with a thought stays as it is, and so does a tag in the answer.
 */
export class ThoughtSplitter {
  readonly #tags: ThinkTags;
  #state: State;
  /** What may be the beginning of a tag, or blanks that may go. */
  #held = '';
  /** A word of the thought was given out, or is in the prompt. */
  #begun: boolean;
  /** Letters that have come. */
  #come = 0;
  #answerAt: number | undefined;

  /**
   * @param open the prompt has the tag that opens; a model that writes it again is forgiven
   * @param begun it has words of the thought too: a blank that comes now stands between two words
   */
  constructor(tags: ThinkTags, open: boolean, begun = false) {
    this.#tags = tags;
    this.#begun = open && begun;
    this.#state = this.#begun ? 'thought' : open ? 'open' : 'before';
  }

  /** Letters of the reply before its answer; undefined while none has begun. */
  get answerAt(): number | undefined {
    return this.#answerAt;
  }

  push(text: string): Split {
    this.#held += text;
    this.#come += text.length;
    const split: Split = { thinking: '', content: '' };
    while (this.#step(split));
    return split;
  }

  /** The rest, at the end: a thought that was not closed is one all the same. */
  flush(): Split {
    if (this.#state === 'before') this.#answer();
    const rest = this.#held;
    this.#held = '';
    const inside = this.#state === 'open' || this.#state === 'thought';
    if (!inside) return { thinking: '', content: this.#state === 'closed' ? '' : rest };
    return { thinking: this.#begun ? rest.trimEnd() : rest.trim(), content: '' };
  }

  /** Takes what is certain out of what is held; false where more has to come. */
  #step(split: Split): boolean {
    switch (this.#state) {
      case 'before':
      case 'open':
        return this.#begin();
      case 'thought':
        return this.#think(split);
      case 'closed': {
        this.#held = this.#held.trimStart();
        if (this.#held === '') return false;
        this.#answer();
        return true;
      }
      case 'answer':
        split.content += this.#take(this.#held.length);
        return false;
    }
  }

  #begin(): boolean {
    const { open } = this.#tags;
    const text = this.#held.trimStart();
    if (text.startsWith(open)) {
      this.#held = text.slice(open.length);
      this.#state = 'thought';
      return this.#skipBlanks();
    }
    if (open.startsWith(text)) return false;
    if (this.#state === 'open') {
      this.#held = text;
      this.#state = 'thought';
      return true;
    }
    this.#answer();
    return true;
  }

  /** Before a thought's first word. */
  #skipBlanks(): boolean {
    this.#held = this.#held.trimStart();
    return this.#held !== '';
  }

  #think(split: Split): boolean {
    if (!this.#begun && !this.#skipBlanks()) return false;
    const { close } = this.#tags;
    const end = this.#held.indexOf(close);
    if (end !== -1) {
      split.thinking += this.#take(end).trimEnd();
      this.#take(close.length);
      this.#state = 'closed';
      return true;
    }
    const certain = this.#held.slice(0, this.#held.length - overlap(this.#held, close)).trimEnd();
    this.#begun ||= certain !== '';
    split.thinking += this.#take(certain.length);
    return false;
  }

  /** It begins with what is held. */
  #answer(): void {
    this.#state = 'answer';
    this.#answerAt = this.#come - this.#held.length;
  }

  #take(length: number): string {
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return taken;
  }
}
