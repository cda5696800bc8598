/** Tells the calls of tools from the text around them while a reply streams. */
import type { Tool, ToolCall } from '#core/engine';
import { overlap } from '../overlap';
import { mayBegin, type CallSpan } from './call-form';
import { JsonSpan, mayBeCall } from './json-span';
import { readCalls, readNamedCall } from './read-calls';
import type { CallTags, ToolReader } from './reader';

interface Read {
  content: string;
  calls: ToolCall[];
}

/** Where calls are expected: behind a tag, or at JSON that begins a line. */
interface Region extends CallTags {
  /** What was taken since the tag, with it, or since the last call: text, should no call follow. */
  text: string;
  took: boolean;
  /** Of the JSON, or the call of the reader's form, that has begun. */
  span?: CallSpan;
  /** Of `name[ARGS]{…}`. */
  name?: string;
}

/** Mistral's newer way: `[TOOL_CALLS]name[ARGS]{…}`, perhaps with an id between. */
const NAMING = '[TOOL_CALLS]';
const NAMED = /^([\w.-]{1,64})(?:\[CALL_ID\]\w*)?\[ARGS\]/;
const MAY_BE_NAMED = /^[\w.-]{1,64}(?:\[[\w[\]]{0,100})?$/;
/** JSON that begins a line, or the text. */
const BARE = /(?:^|\n)[ \t]*[[{]/;
const BARE_IN_LINE = /\n[ \t]*[[{]/;
/** Calls that had begun when the reply ended: what follows their beginning is looked through this often. */
const TRIES = 16;

/** Blanks beside a call go; what is no valid call stays text. */
export class ToolText {
  readonly #reader: ToolReader;
  readonly #tools: readonly Tool[];
  /** What is not told yet. */
  #held = '';
  /** Blanks that may stand before a call. */
  #blank = '';
  #afterCall = false;
  #lineBegins = true;
  #region: Region | undefined;
  /** Undefined while the reply goes on. */
  #triesLeft: number | undefined;
  #out: Read = { content: '', calls: [] };

  /** @param tools those of the request: a call of another is text */
  constructor(reader: ToolReader, tools: readonly Tool[]) {
    this.#reader = reader;
    this.#tools = tools;
  }

  push(text: string): Read {
    this.#held += text;
    return this.#read();
  }

  /** The rest, at the end: a call that was not completed is text. */
  flush(): Read {
    this.#triesLeft = TRIES;
    const { content, calls } = this.#read();
    const blank = this.#afterCall ? '' : this.#blank;
    this.#blank = '';
    return { content: content + blank, calls };
  }

  #read(): Read {
    while (this.#region ? this.#readCall(this.#region) : this.#findCall());
    const out = this.#out;
    this.#out = { content: '', calls: [] };
    return out;
  }

  /** Gives out text up to where a call may begin; false where more has to come. */
  #findCall(): boolean {
    const found = this.#nextOpen();
    if (found) {
      this.#emit(this.#take(found.at));
      const text = this.#take(found.tags.open.length);
      this.#region = { ...found.tags, text, took: false };
      return true;
    }
    const begun = this.#reader.tags.map(({ open }) => overlap(this.#held, open));
    const held = this.#triesLeft === undefined ? Math.max(...begun) : 0;
    this.#emit(this.#take(this.#held.length - held));
    return false;
  }

  #nextOpen(): { at: number; tags: CallTags } | undefined {
    const found = this.#reader.tags.map((tags) => ({ at: this.#held.indexOf(tags.open), tags }));
    const bare = this.#reader.bare ? this.#bareAt() : -1;
    found.push({ at: bare, tags: { open: '' } });
    return found.filter(({ at }) => at !== -1).sort((one, other) => one.at - other.at)[0];
  }

  /** Not what may become a tag. */
  #bareAt(): number {
    const line = (this.#lineBegins ? BARE : BARE_IN_LINE).exec(this.#held);
    if (!line) return -1;
    const at = line.index + line[0].length - 1;
    const rest = this.#held.slice(at);
    const goesOn = this.#triesLeft === undefined;
    return goesOn && this.#reader.tags.some(({ open }) => open.startsWith(rest)) ? -1 : at;
  }

  /** Reads on where calls are expected; false where more has to come. */
  #readCall(region: Region): boolean {
    if (region.span) return this.#readSpan(region, region.span);
    region.text += this.#take(/^[\s,;]*/.exec(this.#held)![0].length);
    if (this.#held === '') return this.#wait(region);
    const { close } = region;
    if (close && this.#held.startsWith(close)) return this.#close(region, close);
    if (close?.startsWith(this.#held)) return this.#wait(region);
    const may = this.#mayBe(region);
    if (may === 'more') return this.#wait(region);
    if (may === 'no') return this.#giveUp(region, region.text === '' && !region.took ? 1 : 0);
    region.span = this.#reader.form?.span() ?? new JsonSpan();
    return true;
  }

  #mayBe(region: Region): 'yes' | 'no' | 'more' {
    const { form } = this.#reader;
    if (form) return mayBegin(form, this.#held);
    return region.open === NAMING ? this.#mayBeNamed(region) : mayBeCall(this.#held);
  }

  #mayBeNamed(region: Region): 'yes' | 'no' | 'more' {
    const named = NAMED.exec(this.#held);
    if (named && region.name === undefined) {
      region.name = named[1];
      region.text += this.#take(named[0].length);
      region.text += this.#take(/^\s*/.exec(this.#held)![0].length);
    }
    if (region.name !== undefined) {
      return this.#held === '' ? 'more' : this.#held.startsWith('{') ? 'yes' : 'no';
    }
    return MAY_BE_NAMED.test(this.#held) ? 'more' : mayBeCall(this.#held);
  }

  #readSpan(region: Region, span: CallSpan): boolean {
    const found = span.read(this.#held);
    if (found === 'more') return this.#wait(region);
    if (found === 'none') return this.#giveUp(region, span.length);
    const json = this.#held.slice(0, span.length);
    const calls = this.#callsOf(json, region);
    if (!calls) return this.#giveUp(region, span.length);
    this.#take(json.length);
    this.#out.calls.push(...calls);
    this.#blank = '';
    this.#afterCall = true;
    this.#lineBegins = true;
    Object.assign(region, { text: '', took: true, span: undefined, name: undefined });
    return true;
  }

  #callsOf(text: string, { name }: Region): ToolCall[] | undefined {
    const { form } = this.#reader;
    if (form) return form.read(text, this.#tools);
    return name === undefined
      ? readCalls(text, this.#tools)
      : readNamedCall(name, text, this.#tools);
  }

  #close(region: Region, close: string): boolean {
    if (!region.took) this.#emit(region.text + close);
    this.#take(close.length);
    this.#region = undefined;
    return true;
  }

  /** More has to come, and at the end nothing does. */
  #wait(region: Region): boolean {
    if (this.#triesLeft === undefined) return false;
    this.#triesLeft--;
    return this.#giveUp(region, this.#triesLeft > 0 ? 1 : this.#held.length);
  }

  /** It is no call: what was taken is text, and so are `letters` of what is held. */
  #giveUp(region: Region, letters: number): true {
    this.#emit(region.text + this.#take(letters));
    this.#region = undefined;
    return true;
  }

  #emit(text: string): void {
    const all = this.#blank + text;
    const words = all.trimEnd();
    this.#blank = all.slice(words.length);
    if (words !== '') {
      this.#out.content += words;
      this.#afterCall = false;
      this.#lineBegins = false;
    }
    if (this.#blank.includes('\n')) this.#lineBegins = true;
  }

  #take(length: number): string {
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return taken;
  }
}
