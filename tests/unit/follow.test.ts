/** Whether a scrolling box is kept at its end. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Follow } from '../../src/lib/ui/chat/follow.svelte';

/** A box that scrolls, 500 pixels high, as a browser has it. */
class Box extends EventTarget {
  clientHeight = 500;
  tabIndex = -1;
  /** Pixels of what stands above the last message. */
  above = 1800;
  firstElementChild = {
    lastElementChild: {
      isConnected: true,
      getBoundingClientRect: () => ({ top: this.above - this.#top }),
    },
  };
  #top = 0;

  constructor(public scrollHeight: number) {
    super();
  }

  get scrollTop() {
    return this.#top;
  }

  set scrollTop(top: number) {
    this.#top = Math.max(0, Math.min(top, this.scrollHeight - this.clientHeight));
  }

  /** Events of scrolling come with the next frame, when more may have been drawn. */
  frame() {
    this.dispatchEvent(new Event('scroll'));
  }

  scrollTo(top: number) {
    this.scrollTop = top;
    this.frame();
  }
}

let resized: () => void;
let box: Box;
let follow: Follow;

beforeEach(() => {
  class Observer {
    constructor(told: () => void) {
      resized = told;
    }
    observe() {}
    disconnect() {}
  }
  vi.stubGlobal('ResizeObserver', Observer);
  box = new Box(2000);
  follow = new Follow();
  follow.attach(box as unknown as HTMLElement);
});

afterEach(() => vi.unstubAllGlobals());

function grow(by: number) {
  box.scrollHeight += by;
  resized();
}

const atEnd = () => box.scrollTop + box.clientHeight === box.scrollHeight;

it('follows what grows until the reader scrolls up, and again from the end', () => {
  resized();
  expect(atEnd()).toBe(true);
  box.scrollTo(900);
  grow(100);
  expect([follow.following, box.scrollTop]).toEqual([false, 900]);
  box.scrollTo(1200);
  expect(follow.following).toBe(false);
  box.scrollTo(1600);
  grow(100);
  expect([follow.following, atEnd()]).toEqual([true, true]);
});

it('a jump from further up holds, though the text grows before its scroll is told', () => {
  resized();
  box.scrollTo(300);
  follow.jump();
  box.scrollHeight += 400;
  box.frame();
  expect(follow.following).toBe(true);
  resized();
  expect(atEnd()).toBe(true);
});

/** Older messages come in above; the browser keeps what is seen in its place. */
function prepend(by: number) {
  box.scrollHeight += by;
  box.above += by;
  box.scrollTop += by;
}

it('a reader who goes up in the moment in which older messages come is let go', () => {
  resized();
  prepend(4000);
  box.scrollTo(box.scrollTop - 300);
  expect(follow.following).toBe(false);
  const { scrollTop } = box;
  resized();
  expect(box.scrollTop).toBe(scrollTop);
});

it('older messages that come while the reply grows do not end it', () => {
  resized();
  prepend(4000);
  box.scrollHeight += 400;
  box.frame();
  resized();
  expect([follow.following, atEnd()]).toEqual([true, true]);
});

it('a last message that is gone is not looked at', () => {
  resized();
  box.firstElementChild.lastElementChild.isConnected = false;
  box.scrollTo(1200);
  expect(follow.following).toBe(false);
});

it('a place that was gone to before the first drawing is kept', () => {
  box.scrollTo(700);
  resized();
  expect([follow.following, box.scrollTop]).toEqual([false, 700]);
});
