/** The tags that models write their thoughts between. */

export interface ThinkTags {
  open: string;
  close: string;
}

/** What models in use were trained with. */
const KNOWN: readonly ThinkTags[] = [
  { open: '<think>', close: '</think>' },
  { open: '<thinking>', close: '</thinking>' },
  { open: '<thought>', close: '</thought>' },
  { open: '<seed:think>', close: '</seed:think>' },
  { open: '[THINK]', close: '[/THINK]' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' },
];

/** Those that a template speaks of, or takes out of what was said; undefined for a model that does not think. */
export function thinkTags(template: string): ThinkTags | undefined {
  return KNOWN.find(({ open, close }) => template.includes(open) || template.includes(close));
}
