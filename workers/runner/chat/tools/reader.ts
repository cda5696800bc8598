/** In which ways models write that they call a tool. */
import type { CallForm } from './call-form';
import { DEEPSEEK_FORM } from './deepseek-form';
import { FUNCTION_FORM } from './function-form';

/** What a call stands behind, and what ends it: the first calls of several formats have no end. */
export interface CallTags {
  open: string;
  close?: string;
}

/** How a template's model writes its calls; each is JSON, or several, or a list of them, or of `form`. */
export interface ToolReader {
  tags: readonly CallTags[];
  /** JSON that begins a line may be a call: its tag, if any, is a token that has no text. */
  bare: boolean;
  form?: CallForm;
}

/** Of Hermes, Qwen, SmolLM and many more. */
export const HERMES: ToolReader = {
  tags: [{ open: '<tool_call>', close: '</tool_call>' }],
  bare: false,
};

/** Of Qwen3-Coder, between the same tags. */
const FUNCTIONS: ToolReader = { ...HERMES, form: FUNCTION_FORM };

/** By what stands in their templates, the most certain first. */
const KNOWN: readonly ToolReader[] = [
  HERMES,
  {
    tags: [{ open: '<｜tool▁calls▁begin｜>', close: '<｜tool▁calls▁end｜>' }],
    bare: false,
    form: DEEPSEEK_FORM,
  },
  { tags: [{ open: '<tool_calls>', close: '</tool_calls>' }], bare: false },
  { tags: [{ open: '<function_call>', close: '</function_call>' }], bare: false },
  { tags: [{ open: '[TOOL_CALLS]' }], bare: true },
  { tags: [{ open: '<|tool_call|>', close: '<|/tool_call|>' }], bare: true },
  { tags: [{ open: 'functools' }], bare: true },
  { tags: [{ open: '<|python_tag|>' }], bare: true },
];

/** JSON as it is, as Llama 3 writes it. */
const BARE: ToolReader = { tags: [{ open: '<|python_tag|>' }], bare: true };

/** How calls are read; undefined for a template that speaks of no tools. */
export function toolReader(template: string): ToolReader | undefined {
  if (!/tool/i.test(template)) return undefined;
  const xml = ['<function=', '<parameter='].every((tag) => template.includes(tag));
  if (xml && template.includes('<tool_call>')) return FUNCTIONS;
  return KNOWN.find(({ tags }) => tags.some(({ open }) => template.includes(open))) ?? BARE;
}
