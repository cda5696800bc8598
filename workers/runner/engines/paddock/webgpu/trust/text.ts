/** What the comparison is made of: tokens that any vocabulary has, and as many of them as take seconds at most. */
import type { ModelSpec } from '../../spec/model-spec';
import type { ModelTensors } from '../../spec/tensors';

/** Layers of both sides: the second reads what the first wrote. */
export const CHECKED_LAYERS = 2;

/** Tokens that are evaluated one at a time, behind those of the prompt. */
export const SINGLES = 2;

/** Multiplications: some two to four seconds of one thread in JavaScript. */
const BUDGET = 2.5e9;

/** Of the prompt. */
const FEWEST = 4;
const MOST = 12;

/** Rows of the output that are compared, but for small vocabularies. */
const ROWS = 1024;

export interface CheckText {
  tokens: number[];
  /** Where logits are compared: the prompt's last token, and the single ones. */
  ends: number[];
  rows: number[];
}

export function checkText(spec: ModelSpec, tensors: ModelTensors): CheckText {
  const { layers } = tensors;
  const perToken = layers.slice(0, CHECKED_LAYERS).reduce((sum, layer) => {
    const { query, key, value, output, gate, up, down } = layer;
    const matrices = [query, key, value, output, gate, up, down];
    return sum + matrices.reduce((all, { rows, columns }) => all + rows * columns, 0);
  }, 0);
  const affordable = Math.floor(BUDGET / perToken) - SINGLES;
  const prompt = Math.min(MOST, Math.max(FEWEST, affordable));
  const { vocabulary } = spec;
  // The golden section spreads any number of them evenly; the last row is the first to be left out by mistake.
  const golden = (Math.sqrt(5) - 1) / 2;
  const tokens = Array.from({ length: prompt + SINGLES }, (_, at) =>
    Math.floor(((at * golden) % 1) * vocabulary),
  );
  tokens[1] = vocabulary - 1;
  const ends = Array.from({ length: SINGLES + 1 }, (_, at) => prompt - 1 + at);
  return { tokens, ends, rows: rowsOf(vocabulary) };
}

/** The first and the last quarter in a row, since kernels go by groups; the rest with a step that meets every place in one. */
function rowsOf(vocabulary: number): number[] {
  if (vocabulary <= 2 * ROWS) return Array.from({ length: vocabulary }, (_, row) => row);
  const quarter = ROWS / 4;
  const between = vocabulary - 2 * quarter;
  const step = Math.max(1, Math.floor(between / (2 * quarter)) | 1);
  const spread: number[] = [];
  for (let row = quarter; row < vocabulary - quarter; row += step) spread.push(row);
  const last = Array.from({ length: quarter }, (_, at) => vocabulary - quarter + at);
  return [...Array.from({ length: quarter }, (_, row) => row), ...spread, ...last];
}
