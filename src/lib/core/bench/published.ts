/** Figures that others have published, to show beside a machine's own: `published-speeds.json`, as it was found. */
import { parameterCount } from '#core/bench/parameter-count';
import published from './published-speeds.json';

export interface PublishedRow {
  device: string;
  kind: 'cpu' | 'gpu';
  /** Tokens a second, written; null: not published. */
  rate: number | null;
}

export interface PublishedTable {
  id: string;
  /** How it was measured. */
  method: string;
  /** Whose figures these are. */
  model: string;
  /** False: the nearest by its parameters. */
  same: boolean;
  rows: PublishedRow[];
}

interface Column {
  id: string;
  method: string;
  model: string;
  rows: PublishedRow[];
}

const COLUMNS: Column[] = published.tables.flatMap((table): Column[] => {
  const { id, method } = table;
  if (table.models) {
    return table.models.map((model, at) => ({
      ...{ id, method, model },
      rows: table.rows.map(({ device, kind, values }) => ({
        device,
        kind: kind === 'cpu' ? 'cpu' : 'gpu',
        rate: values[at] ?? null,
      })),
    }));
  }
  // One device, whose second column is what was written a second.
  return table.rows.map(([model, rate]) => ({
    ...{ id, method, model: String(model) },
    rows: [{ device: table.device, kind: 'gpu', rate: typeof rate === 'number' ? rate : null }],
  }));
});

/**
 * Of each published table the model that `model` is, else the one with the nearest number of parameters; none where
 * that is not known either.
 * @param model its name here, and its parameters as `134.52M`
 */
export function publishedFor(model: { name: string; parameters: string }): PublishedTable[] {
  const ids = new Set(COLUMNS.map(({ id }) => id));
  return [...ids].flatMap((id): PublishedTable[] => {
    const columns = COLUMNS.filter((column) => column.id === id);
    const same = columns.find((column) => isSame(column.model, model.name));
    if (same) return [{ ...same, same: true }];
    const near = nearest(columns, parameterCount(model.parameters));
    return near ? [{ ...near, same: false }] : [];
  });
}

/** `Llama-3.2-1B-Instruct-q4f16_1-MLC` is `llama3.2:1b`, which people run as it is or trained for chats. */
function isSame(publishedName: string, name: string): boolean {
  const plain = (text: string) =>
    text
      .slice(text.lastIndexOf('/') + 1)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
  const [base = ''] = publishedName.split('-');
  return plain(name).startsWith(plain(base));
}

function nearest(columns: Column[], parameters: number | null): Column | null {
  if (parameters === null) return null;
  const far = (column: Column) => {
    const size = parameterCount(/:(\d+(?:\.\d+)?b)/.exec(column.model)?.[1] ?? '');
    return size === null ? Infinity : Math.abs(Math.log(size / parameters));
  };
  const [first] = [...columns].sort((a, b) => far(a) - far(b));
  return first && far(first) < Infinity ? first : null;
}

/** Which published devices are the nearest below and above `rate`; null where there is none. */
export function standing(
  rate: number,
  rows: readonly PublishedRow[],
): { below: PublishedRow | null; above: PublishedRow | null } {
  const known = rows.filter((row) => row.rate !== null).sort((a, b) => a.rate! - b.rate!);
  return {
    below: known.findLast((row) => row.rate! <= rate) ?? null,
    above: known.find((row) => row.rate! > rate) ?? null,
  };
}
