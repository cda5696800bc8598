import { ToolError } from '#core/tools/tool';

export interface Sign {
  /** `number`, `name`, `end`, or the sign itself. */
  kind: string;
  text: string;
  /** Of a number. */
  value: number;
  /** Characters from 1. */
  place: number;
}

const NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/;
const NAME = /^[A-Za-z_π][A-Za-z_0-9]*/;
const SIGN = /^(?:\*\*|[-+*/%^!(),×÷·−√])/;

/** Other spellings of a sign. */
const SAME: Record<string, string> = { '**': '^', '×': '*', '·': '*', '÷': '/', '−': '-' };

/** The last is `end`. @throws ToolError */
export function readSigns(text: string): Sign[] {
  const signs: Sign[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const place = at + 1;
    const blank = /^\s+/.exec(rest)?.[0];
    const number = NUMBER.exec(rest)?.[0];
    const name = NAME.exec(rest)?.[0];
    const sign = SIGN.exec(rest)?.[0];
    if (number) signs.push({ kind: 'number', text: number, value: Number(number), place });
    else if (name) signs.push({ kind: 'name', text: name, value: 0, place });
    else if (sign === '√') signs.push({ kind: 'name', text: 'sqrt', value: 0, place });
    else if (sign) signs.push({ kind: SAME[sign] ?? sign, text: sign, value: 0, place });
    else if (!blank) {
      const [letter = ''] = rest;
      throw new ToolError(`"${letter}" at character ${place} is nothing that can be worked out.`);
    }
    at += (number ?? name ?? sign ?? blank ?? '').length;
  }
  signs.push({ kind: 'end', text: '', value: 0, place: text.length + 1 });
  return signs;
}
