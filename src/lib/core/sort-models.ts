/** Which installed models are shown, and in which order. */
import type { ModelFacts } from '#core/paddock-api';

export type SortKey = 'name' | 'size' | 'parameters' | 'quantization' | 'context' | 'used';

export interface ModelFilter {
  /** Part of the name or the family, in any case. */
  text: string;
  /** Empty: any. */
  capability: string;
  /** Undefined: as they come. */
  sort: SortKey | undefined;
  descending: boolean;
}

const compareText = new Intl.Collator('en', { numeric: true }).compare;

/** What is not known comes last in either direction: undefined. */
const VALUES: Record<SortKey, (model: ModelFacts) => string | number | undefined> = {
  name: ({ name }) => name,
  size: ({ size }) => size,
  parameters: ({ parameter_size }) => parameterCount(parameter_size),
  quantization: ({ quantization_level }) => quantization_level || undefined,
  context: ({ context_length }) => context_length ?? undefined,
  used: ({ last_used }) => (last_used === null ? undefined : Date.parse(last_used)),
};

export function sortModels(
  models: ModelFacts[],
  { text, capability, sort, descending }: ModelFilter,
): ModelFacts[] {
  const wanted = text.trim().toLowerCase();
  const shown = models.filter(
    ({ name, family, capabilities }) =>
      `${name} ${family}`.toLowerCase().includes(wanted) &&
      (capability === '' || capabilities.includes(capability)),
  );
  if (sort === undefined) return shown;
  const value = VALUES[sort];
  return shown.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined);
    const order =
      typeof x === 'number' && typeof y === 'number' ? x - y : compareText(String(x), String(y));
    return (descending ? -order : order) || compareText(a.name, b.name);
  });
}

const UNITS: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/** `134.52M` as a number; undefined for what is written otherwise. */
function parameterCount(text: string): number | undefined {
  const [, figure, unit] = /^([\d.]+)([KMBT])$/.exec(text) ?? [];
  return figure && unit ? Number(figure) * UNITS[unit]! : undefined;
}
