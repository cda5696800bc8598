import type { Attachment } from 'svelte/attachments';

/** Within this many pixels of the end the reader counts as being there: a line and its margin. */
const END_PX = 48;

/** Keeps a scrolling box at its end while the reader is there, and leaves it alone otherwise. */
export class Follow {
  #following = $state(true);
  #box: HTMLElement | undefined;
  /** How the box stood when it was last looked at; null before it was brought to its end. */
  #seen: Stand | null = null;

  /** False once the reader has scrolled away from the end. */
  get following() {
    return this.#following;
  }

  /** For the scrolling box; its first child is what grows. */
  readonly attach: Attachment<HTMLElement> = (box) => {
    this.#box = box;
    box.tabIndex = 0; // Safari does not let the keyboard scroll a box that cannot have the focus
    this.#following = true;
    this.#seen = null;
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
    if (distance(box) <= END_PX) this.#following = true;
    else if (wentUp(box, this.#seen)) this.#following = false;
    if (this.#seen) this.#seen = standOf(box);
  }

  #toEnd() {
    if (!this.#box) return;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#seen = standOf(this.#box);
  }
}

interface Stand {
  scrollTop: number;
  /** The last of what the box shows, and where it begins on the screen. */
  last: Element | null | undefined;
  lastTop: number | undefined;
}

function standOf(box: HTMLElement): Stand {
  const last = box.firstElementChild?.lastElementChild;
  return { scrollTop: box.scrollTop, last, lastTop: last?.getBoundingClientRect().top };
}

/**
 * Whether the reader scrolled up since `seen`. `scrollTop` alone does not tell: it rises by itself
 * when older messages come in above (scroll anchoring), by more than the reader went. So the last
 * message is looked at, which what comes above or below it does not move on the screen.
 */
function wentUp(box: HTMLElement, seen: Stand | null): boolean {
  if (!seen) return true;
  if (box.scrollTop === seen.scrollTop) return false;
  if (!seen.last?.isConnected || seen.lastTop === undefined) return box.scrollTop < seen.scrollTop;
  return seen.last.getBoundingClientRect().top > seen.lastTop + 1;
}

function distance(box: HTMLElement): number {
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}
