import type { Attachment } from 'svelte/attachments';

/** Within this many pixels of the end the reader counts as being there: a line and its margin. */
const END_PX = 48;

/** Keeps a scrolling box at its end while the reader is there, and leaves it alone otherwise. */
export class Follow {
  #following = $state(true);
  #box: HTMLElement | undefined;

  /** False once the reader has scrolled away from the end. */
  get following() {
    return this.#following;
  }

  /** For the scrolling box; its first child is what grows. */
  readonly attach: Attachment<HTMLElement> = (box) => {
    this.#box = box;
    box.tabIndex = 0; // Safari does not let the keyboard scroll a box that cannot have the focus
    this.#following = true;
    const onscroll = () => (this.#following = distance(box) <= END_PX);
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

  #toEnd() {
    if (this.#box) this.#box.scrollTop = this.#box.scrollHeight;
  }
}

function distance(box: HTMLElement): number {
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}
