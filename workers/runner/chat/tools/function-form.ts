/** Qwen3-Coder's way: `<function=name><parameter=key>value</parameter></function>`, values as they are. */
import { newCallId } from '#core/call-id';
import type { Tool, ToolCall } from '#core/engine';
import { isObject } from '#core/is-object';
import type { CallForm, CallSpan } from './call-form';
import { typedValue } from './typed-value';

const HEAD = /^<function=([\w.-]{1,64})>/;
const MAY_BE_HEAD = /^<function=[\w.-]{0,64}$/;
const KEY = '<parameter=';
const MAY_BE_KEY = /^<parameter=[^<>\n]{0,64}$/;
const KEYED = /^<parameter=([^<>\n]{1,64})>/;
const VALUE_END = '</parameter>';
const END = '</function>';

export const FUNCTION_FORM: CallForm = {
  begin: '<function=',
  span: () => new FunctionSpan(),
  read: readFunction,
};

/** A value may have any text: it ends where another parameter, or the call's end, follows its tag. */
class FunctionSpan implements CallSpan {
  /** Where each value begins and ends, by its key; a value is open while it has no end. */
  readonly values: { key: string; from: number; to?: number }[] = [];
  name = '';
  length = 0;
  /** In an open value, where its end may be found. */
  #search = 0;

  read(text: string): 'whole' | 'more' | 'none' {
    for (;;) {
      const open = this.values.at(-1);
      if (open && open.to === undefined) {
        if (!this.#endValue(text, open)) return 'more';
        continue;
      }
      this.length += /^\s*/.exec(text.slice(this.length))![0].length;
      const rest = text.slice(this.length);
      const found = this.name === '' ? this.#head(rest) : this.#next(rest);
      if (found !== 'read') return found;
    }
  }

  #head(rest: string): 'read' | 'more' | 'none' {
    const head = HEAD.exec(rest);
    if (!head) return MAY_BE_HEAD.test(rest) ? 'more' : 'none';
    this.name = head[1]!;
    this.length += head[0].length;
    return 'read';
  }

  #next(rest: string): 'read' | 'whole' | 'more' | 'none' {
    if (rest.startsWith(END)) {
      this.length += END.length;
      return 'whole';
    }
    const keyed = KEYED.exec(rest);
    if (!keyed) return mayGoOn(rest) || MAY_BE_KEY.test(rest) ? 'more' : 'none';
    this.length += keyed[0].length;
    this.values.push({ key: keyed[1]!, from: this.length });
    this.#search = this.length;
    return 'read';
  }

  #endValue(text: string, open: { to?: number }): boolean {
    for (;;) {
      const at = text.indexOf(VALUE_END, this.#search);
      if (at === -1) {
        this.#search = Math.max(this.#search, text.length - VALUE_END.length + 1);
        return false;
      }
      this.#search = at;
      const behind = text.slice(at + VALUE_END.length).trimStart();
      if (behind.startsWith(KEY) || behind.startsWith(END)) {
        open.to = at;
        this.length = at + VALUE_END.length;
        return true;
      }
      if (mayGoOn(behind)) return false;
      this.#search = at + 1;
    }
  }
}

/** Whether another parameter or the end may come of it. */
function mayGoOn(text: string): boolean {
  return KEY.startsWith(text) || END.startsWith(text);
}

function readFunction(text: string, tools: readonly Tool[]): ToolCall[] | undefined {
  const span = new FunctionSpan();
  if (span.read(text) !== 'whole') return undefined;
  const tool = tools.find(({ name }) => name === span.name);
  if (!tool) return undefined;
  const { properties } = tool.parameters;
  const schemas = isObject(properties) ? properties : {};
  const args = span.values.map(({ key, from, to }) => {
    // The model was taught a line of its own for the tags.
    const value = text.slice(from, to).replace(/^\n/, '').replace(/\n$/, '');
    return [key, typedValue(value, Object.hasOwn(schemas, key) ? schemas[key] : undefined)];
  });
  return [
    {
      id: newCallId(),
      name: tool.name,
      arguments: Object.fromEntries(args) as Record<string, unknown>,
    },
  ];
}
