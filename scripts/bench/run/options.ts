import { parseArgs } from 'node:util';
import { Refusal } from '../../refusal';

export const HELP = `npm run bench -- [options]     measures a model as the Benchmark page does; after npm run build

  --model NAME         the model, pulled if it is not there (smollm2:135m)
  --set NAME           quick, standard, depth or ollama (quick)
  --pp N  --tg N       tokens of the prompt and of the reply, in the place of a set
  --repetitions N      with --pp and --tg (3)
  --all                every engine, backend and number of threads, not the usual two
  --no-verify          do not compare the answers with the reference
  --gpu                give the browser the machine's graphics adapter
  --json               print the page's JSON export; else its table. "npm run -s bench" prints nothing else
  --dir FOLDER         the built site (build)
  --help               this text

Progress goes to stderr. The exit code is 1 where the run ended early or a part of it failed, also if there is a result.`;

/** The titles that the page has for them. */
const SETS: Record<string, string> = {
  quick: 'Quick',
  standard: 'Standard',
  depth: 'Depth',
  ollama: 'Ollama’s run',
};

export interface Options {
  model: string;
  /** As the page calls it. */
  set: string;
  /** In the place of a set. */
  own: { prompt: number; reply: number; repetitions: number } | null;
  all: boolean;
  verify: boolean;
  gpu: boolean;
  json: boolean;
  dir: string;
}

/** Null: help is wanted. @throws Refusal; what `parseArgs` says of unknown options */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string', default: 'smollm2:135m' },
      set: { type: 'string', default: 'quick' },
      pp: { type: 'string' },
      tg: { type: 'string' },
      repetitions: { type: 'string' },
      all: { type: 'boolean', default: false },
      'no-verify': { type: 'boolean', default: false },
      gpu: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      dir: { type: 'string', default: 'build' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const { pp, tg, repetitions, model, all, gpu, json, dir } = values;
  const set = Object.hasOwn(SETS, values.set) ? SETS[values.set] : undefined;
  if (set === undefined) {
    throw new Refusal(`--set is "${values.set}". Give one of ${Object.keys(SETS).join(', ')}.`);
  }
  const wanted = pp !== undefined || tg !== undefined || repetitions !== undefined;
  const own = {
    prompt: count('--pp', pp ?? '128', 16_384),
    reply: count('--tg', tg ?? '32', 4096),
    repetitions: count('--repetitions', repetitions ?? '3', 100),
  };
  const verify = !values['no-verify'];
  return { model, set, own: wanted ? own : null, all, verify, gpu, json, dir };
}

function count(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Refusal(`${name} is "${text}". Give a whole number from 1 to ${most}.`);
}
