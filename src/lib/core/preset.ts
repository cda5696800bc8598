/** A preset: a model made of another, with its own words and parameters. */
import type { RequestSetup } from '#core/chat-setup';
import * as m from '#core/messages/parameters';
import { nameKey, parseName } from '#core/names';
import { parameterFault, parameterValue } from '#core/parameter-facts';

export interface PresetParameter {
  name: string;
  /** As it is written; a list is the same name again. */
  text: string;
}

export interface PresetMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface Preset {
  name: string;
  /** The model that it is made of. */
  from: string;
  /** Empty: that model's own. */
  system: string;
  template: string;
  parameters: PresetParameter[];
  messages: PresetMessage[];
}

/** Of `/api/show`, what a preset is made of. */
export interface ShownPreset {
  parameters?: string;
  system?: string;
  template: string;
  messages?: { role: string; content: string }[];
}

/** What is set for a chat as a new preset of `from`; the name is still to be found. */
export function presetOfChat(
  from: string,
  { system = '', options = {} }: Pick<RequestSetup, 'system' | 'options'>,
): Preset {
  const parameters = Object.entries(options).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ name, text: String(one) })),
  );
  return { name: '', from, system, template: '', parameters, messages: [] };
}

/** What is wrong, by field: `name`, or the place of a parameter. Empty: nothing. */
export interface PresetFaults {
  name?: string;
  parameters: Map<number, string>;
}

/**
 * @param taken names of installed models
 * @param own the name that it had; null for a new one
 */
export function presetFaults(
  { name, parameters }: Preset,
  taken: readonly string[],
  own: string | null,
): PresetFaults {
  const faults: PresetFaults = { parameters: new Map() };
  const key = keyOf(name);
  if (key === null) faults.name = m.parameters_write_name();
  else if (key !== (own && keyOf(own)) && taken.some((one) => keyOf(one) === key)) {
    faults.name = m.parameters_name_taken();
  }
  parameters.forEach(({ name: parameter, text }, at) => {
    const twice =
      parameter !== 'stop' && parameters.findIndex((one) => one.name === parameter) < at;
    const fault = twice ? m.parameters_twice() : parameterFault(parameter, text);
    if (fault) faults.parameters.set(at, fault);
  });
  return faults;
}

export function isFaultless({ name, parameters }: PresetFaults): boolean {
  return name === undefined && parameters.size === 0;
}

function keyOf(spelling: string): string | null {
  const name = parseName(spelling.trim());
  return name && nameKey(name);
}

/** The body of `/api/create`. */
export function createBody({ name, from, system, template, parameters, messages }: Preset) {
  const values: Record<string, unknown> = {};
  for (const { name: parameter, text } of parameters) {
    const value = parameterValue(parameter, text);
    // Ollama keeps `stop` as a list.
    if (parameter === 'stop') values.stop = [...((values.stop as unknown[]) ?? []), value];
    else values[parameter] = value;
  }
  const said = messages.filter(({ content }) => content.trim() !== '');
  return {
    model: name.trim(),
    from,
    ...(system && { system }),
    ...(template && { template }),
    ...(parameters.length > 0 && { parameters: values }),
    ...(said.length > 0 && { messages: said }),
  };
}

/** The preset that `shown` is, over `base`: what both have alike is the base's. */
export function presetOf(
  name: string,
  from: string,
  shown: ShownPreset,
  base: ShownPreset | null,
): Preset {
  const inherited = new Set(base && parameterLines(base.parameters).map(written));
  return {
    name,
    from,
    system: shown.system === base?.system ? '' : (shown.system ?? ''),
    template: shown.template === base?.template ? '' : shown.template,
    parameters: parameterLines(shown.parameters).filter((one) => !inherited.has(written(one))),
    messages: sameMessages(shown, base) ? [] : messagesOf(shown),
  };
}

function written({ name, text }: PresetParameter): string {
  return `${name} ${text}`;
}

function sameMessages(a: ShownPreset, b: ShownPreset | null): boolean {
  return JSON.stringify(messagesOf(a)) === JSON.stringify(b ? messagesOf(b) : []);
}

function messagesOf({ messages = [] }: ShownPreset): PresetMessage[] {
  return messages.flatMap(({ role, content }) => (isRole(role) ? [{ role, content }] : []));
}

function isRole(role: string): role is PresetMessage['role'] {
  return role === 'system' || role === 'user' || role === 'assistant';
}

/** Ollama's `parameters`: a name and a value a line, texts in quotes. */
export function parameterLines(text = ''): PresetParameter[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const quoted = /^"(.*)"$/.exec(value);
    return [{ name, text: quoted ? quoted[1]! : value }];
  });
}
