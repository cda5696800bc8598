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

/** What a template asks of a model that thinks, and is told of one, in Jinja and in Go. */
const SPEAKS_OF_THOUGHTS = /\benable_thinking\b|\breasoning_content\b|\.Think(?:ing|Level)?\b/;

/**
 * Those that a template writes, or takes out of what was said, else the usual ones where it speaks of thoughts at all;
 * undefined for a model that does not think.
 */
export function thinkTags(template: string): ThinkTags | undefined {
  const named = KNOWN.find(
    ({ open, close }) => template.includes(open) || template.includes(close),
  );
  return named ?? (SPEAKS_OF_THOUGHTS.test(template) ? KNOWN[0] : undefined);
}
