/** DeepSeek's ways, between tokens of its own: a kind, a name and a block of JSON (V3, R1), or name and JSON (V3.1). */
import type { Tool, ToolCall } from '#core/engine';
import type { CallForm, CallSpan } from './call-form';
import { readNamedCall } from './read-calls';

const BEGIN = '<｜tool▁call▁begin｜>';
const END = '<｜tool▁call▁end｜>';
const BLOCK = /^function<｜tool▁sep｜>([\w.-]{1,64})\s*```json\s*([^]*?)\s*```\s*$/;
const PLAIN = /^([\w.-]{1,64})<｜tool▁sep｜>([^]*)$/;

export const DEEPSEEK_FORM: CallForm = {
  begin: BEGIN,
  span: () => new TokenSpan(),
  read(text: string, tools: readonly Tool[]): ToolCall[] | undefined {
    const inner = text.slice(BEGIN.length, -END.length).trim();
    const [, name, json] = BLOCK.exec(inner) ?? PLAIN.exec(inner) ?? [];
    return name !== undefined && json !== undefined ? readNamedCall(name, json, tools) : undefined;
  },
};

class TokenSpan implements CallSpan {
  length = 0;

  read(text: string): 'whole' | 'more' {
    const at = text.indexOf(END, this.length);
    this.length = at === -1 ? Math.max(this.length, text.length - END.length + 1) : at + END.length;
    return at === -1 ? 'more' : 'whole';
  }
}
