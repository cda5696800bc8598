/** A reply as the one text that a chat keeps, and sends back: what the model thinks stands in it between tags. */

const OPEN = '<think>\n';
const CLOSE = '\n</think>\n\n';

export class Thoughts {
  #open: boolean;

  /** @param written what the reply goes on from */
  constructor(written: string) {
    this.#open = written.startsWith(OPEN) && !written.includes(CLOSE.trim());
  }

  /** The text of a piece. */
  take({ thinking = '', content }: { thinking?: string; content: string }): string {
    let text = '';
    if (thinking !== '') text += (this.#open ? '' : OPEN) + thinking;
    this.#open ||= thinking !== '';
    if (content === '') return text;
    if (this.#open) text += CLOSE;
    this.#open = false;
    return text + content;
  }
}
