/** The options that `pack-model` and `demo` share, from the command line. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PaddockError } from '#core/errors';
import type { GgufHeader } from '#core/gguf';
import { DEFAULT_HOST, displayName, parseName, type ModelName } from '#core/names';
import { resolveOptions } from '../../workers/host/server/options.ts';
import { Refusal } from '../refusal.ts';

/** For `parseArgs` of node:util. */
export const PACK_OPTIONS = {
  name: { type: 'string' },
  license: { type: 'string' },
  system: { type: 'string' },
  template: { type: 'string' },
  param: { type: 'string', multiple: true },
  'part-size': { type: 'string' },
} as const;

export const PACK_USAGE =
  '[--name acme/chat:1b] [--license FILE] [--system TEXT] [--template FILE] [--param k=v]… ' +
  '[--part-size 20MiB]';

export interface PackValues {
  name?: string;
  license?: string;
  system?: string;
  template?: string;
  param?: string[];
  'part-size'?: string;
}

/** The layers beside the weights; absent ones are not published. */
export interface Extras {
  license?: Uint8Array;
  system?: string;
  template?: Uint8Array;
  params?: Record<string, unknown>;
}

const DEFAULT_PART_SIZE = 20 * 1024 * 1024;
/** Bytes: the least limit for a file among the hosts that the README names. */
const MAX_PART_SIZE = 25 * 1024 * 1024;
const MIN_PART_SIZE = 1024;
const UNITS: Record<string, number> = { '': 1, kib: 1024, mib: 1024 * 1024 };

/** @throws Refusal */
export function partSizeOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PART_SIZE;
  const match = /^(\d+)\s*([a-z]*)$/i.exec(text.trim());
  const size = Number(match?.[1] ?? NaN) * (UNITS[match?.[2]?.toLowerCase() ?? ''] ?? NaN);
  if (size >= MIN_PART_SIZE && size <= MAX_PART_SIZE) return size;
  throw new Refusal(
    `--part-size is "${text}". Write it as 20MiB; at most 25MiB, which some hosts allow a file.`,
  );
}

/** The name to publish under: the one that was asked for, else one made from the file. @throws Refusal */
export function nameOf(asked: string | undefined, header: GgufHeader, path: string): ModelName {
  const name = parseName(asked ?? madeName(header, path));
  if (!name) {
    throw new Refusal(
      `"${asked ?? path}" does not make a model name. Give one as --name acme/chat:1b.`,
    );
  }
  if (name.host !== DEFAULT_HOST) {
    throw new Refusal(
      `"${asked}" names a host, and the site is its own. ` +
        `Leave the host out: --name ${displayName({ ...name, host: DEFAULT_HOST })}.`,
    );
  }
  return name;
}

function madeName(header: GgufHeader, path: string): string {
  const text = header.text('general.name') || basename(path).replace(/\.gguf$/i, '');
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** @throws Refusal, or the system's error for a file that cannot be read */
export async function extrasOf(values: PackValues): Promise<Extras> {
  return {
    license: values.license === undefined ? undefined : await readFile(values.license),
    system: values.system,
    template: values.template === undefined ? undefined : await readFile(values.template),
    params: values.param && paramsOf(values.param),
  };
}

/** `stop` may come several times, and is always a list. */
function paramsOf(pairs: string[]): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  const stops: string[] = [];
  for (const pair of pairs) {
    const [, key, value] = /^([a-z_]+)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined) {
      throw new Refusal(`--param is "${pair}". Write it as --param temperature=0.2.`);
    }
    if (key === 'stop') stops.push(value);
    params[key] = key === 'stop' ? stops : valueOf(value);
  }
  try {
    resolveOptions(params, undefined);
  } catch (error) {
    if (!(error instanceof PaddockError)) throw error;
    throw new Refusal(`--param cannot be used: ${error.message}.`);
  }
  return params;
}

function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}
