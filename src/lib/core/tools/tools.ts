/** The tools that are built in. */
import { wireTool, type ToolDefinition } from '#core/tools/tool';

/** Rounds of calls before a person is asked to go on, where a chat says nothing else. */
export const USUAL_STEPS = 8;
export const MOST_STEPS = 64;

/** Letters of a result; the rest is left out, and said to be. */
export const RESULT_LETTERS = 16_000;

export const TOOLS: readonly ToolDefinition[] = [
  {
    name: 'calculator',
    title: 'Calculator',
    about: 'Works out an arithmetic expression.',
    description:
      'Works out an arithmetic expression: + - * / % (remainder) ^ (power) ! and parentheses, functions such as ' +
      'sqrt, round, log, ln, sin, min and max, the constants pi and e. Angles are in radians.',
    properties: {
      expression: { type: 'string', description: 'For example: (3 + 4) * sqrt(2)' },
    },
    required: ['expression'],
    limitMs: 2000,
  },
  {
    name: 'date',
    title: 'Date and time',
    about: 'Says what time it is, and counts with dates.',
    description:
      'The current date and time, a date some time before or after another, the time between two dates, or the day ' +
      'of the week of a date.',
    properties: {
      action: {
        type: 'string',
        enum: ['now', 'add', 'difference', 'weekday'],
        description:
          'now; add: amount of unit to date (a negative amount subtracts); difference: from date to until; weekday: of date',
      },
      date: {
        type: 'string',
        description: 'ISO 8601, such as 2026-03-01 or 2026-03-01T12:30; absent: now',
      },
      until: { type: 'string', description: 'For difference: the later date, ISO 8601' },
      amount: { type: 'number', description: 'For add: how many, negative for earlier' },
      unit: {
        type: 'string',
        enum: ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'],
        description: 'For add: of what',
      },
      time_zone: { type: 'string', description: 'IANA name, such as Europe/Berlin; absent: here' },
    },
    required: ['action'],
    limitMs: 2000,
  },
  {
    name: 'javascript',
    title: 'JavaScript',
    about: 'Runs a program apart from this page, without network, files or storage.',
    description:
      'Runs JavaScript (ES2023) and gives what console.log prints and the value of the last expression. There is no ' +
      'network, no file system, no DOM, no timers and no modules.',
    properties: { code: { type: 'string', description: 'The program' } },
    required: ['code'],
    limitMs: 30_000,
  },
];

export function toolNamed(name: string): ToolDefinition | undefined {
  return TOOLS.find((tool) => tool.name === name);
}

/** Those of these names that there are, as `/api/chat` takes them. */
export function wireTools(names: readonly string[]) {
  return TOOLS.filter(({ name }) => names.includes(name)).map(wireTool);
}

/** As a model is given it. */
export function cutResult(text: string): string {
  if (text.length <= RESULT_LETTERS) return text;
  const kept = text.slice(0, RESULT_LETTERS).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}\n[Cut here: ${kept.length} of ${text.length} characters.]`;
}
