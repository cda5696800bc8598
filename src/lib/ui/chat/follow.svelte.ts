import type { Attachment } from 'svelte/attachments';

/** Within this many pixels of the end the reader counts as being there: a line and its margin. */
const END_PX = 48;

/** Keeps a scrolling box at its end while the reader is there, and leaves it alone otherwise. */
export class Follow {
  #following = $state(true);
  #box: HTMLElement | undefined;
  /** `scrollTop`, as it was last seen; null before the box was brought to its end. */
  #top: number | null = null;

  /** False once the reader has scrolled away from the end. */
  get following() {
    return this.#following;
  }

  /** For the scrolling box; its first child is what grows. */
  readonly attach: Attachment<HTMLElement> = (box) => {
    this.#box = box;
    box.tabIndex = 0; // Safari does not let the keyboard scroll a box that cannot have the focus
    this.#following = true;
    this.#top = null;
    const onscroll = () => this.#scrolled(box);
    const observer = new ResizeObserver(() => {
      if (this.#following) this.#toEnd();
    });
    box.addEventListener('scroll', onscroll, { passive: true });
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => {
      box.removeEventListener('scroll', onscroll);
      observer.disconnect();
    };
  };

  jump() {
    this.#following = true;
    this.#toEnd();
  }

  /** What grows after a jump takes the end away from the reader, who leaves it only upwards. */
  #scrolled(box: HTMLElement) {
    const rose = this.#top !== null && box.scrollTop >= this.#top;
    if (distance(box) <= END_PX) this.#following = true;
    else if (!rose) this.#following = false;
    if (this.#top !== null) this.#top = box.scrollTop;
  }

  #toEnd() {
    if (!this.#box) return;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#top = this.#box.scrollTop;
  }
}

function distance(box: HTMLElement): number {
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}
