/**
 * Shader text of softmax(q k) v for a few query rows that share a head of the cache, in one workgroup that goes
 * through the positions in steps. The running maximum is Milakov and Gimelshein's (arXiv:1805.02867), the order of
 * the loops FlashAttention's (arXiv:2205.14135).
 *
 * Scores: a lane takes four neighbouring positions and all rows, so that each key is read once for all of them and
 * each query for four positions. Values: a lane takes four columns, and every `PARTS`-th four of the positions.
 */
import type { KernelFeatures } from '../kernel';
import type { AttentionShape } from './shape';
import { each } from './text';

export interface RowsOptions {
  shape: AttentionShape;
  features: KernelFeatures;
  /** Lanes of the workgroup, a power of two, at least headSize / 4. */
  lanes: number;
  /** Query rows, at most 8. */
  rows: number;
  /** WGSL by the row's number: the positions below it are seen, one of them in the first step at least. */
  seen: (row: number) => string;
}

const COLUMNS = ['x', 'y', 'z', 'w'] as const;

/** Below every score; its double is still a number. */
const HIDDEN = '-1e38';

/** The most rows, up to 8, whose workgroup memory fits what every device has: 16 KiB. */
export function rowsMost(headSize: number, lanes: number): number {
  const bytes = (rows: number) =>
    rows * (lanes * 16 + headSize * 4) + lanes * fours(rows) * 16 + headSize * 4;
  return [8, 4, 2].find((rows) => bytes(rows) <= 16_384) ?? 1;
}

/** The fewest lanes of a workgroup: one for each four columns, and no fewer than a small subgroup. */
export function leastLanes(headSize: number): number {
  return Math.max(16, 2 ** Math.ceil(Math.log2(headSize / 4)));
}

/** Vectors that hold a number for each row. */
function fours(rows: number): number {
  return Math.ceil(rows / 4);
}

/** Lanes that find their maximum by themselves, without the workgroup's memory. */
function together({ features, lanes }: RowsOptions): number {
  return Math.max(1, Math.min(features.subgroup, lanes));
}

/** What is declared outside the entry point. */
export function rowsDeclared(options: RowsOptions): string {
  const { shape, lanes, rows } = options;
  return `
const ROWS = ${rows}u;
const LANES = ${lanes}u;
const PARTS = ${Math.floor((lanes * 4) / shape.headSize)}u;
var<workgroup> queries: array<vec4f, ${(rows * shape.headSize) / 4}>;
/** [row][lane]: weights of four positions; in the end, sums of weighted values. */
var<workgroup> wide: array<vec4f, ${rows * lanes}>;
/** [lane][four rows]: greatest scores; in the end, sums of weights. */
var<workgroup> narrow: array<vec4f, ${(lanes / together(options)) * fours(rows)}>;

fn totalOf(row: u32) -> f32 {
  var total = 0.0;
  for (var at = 0u; at < ${lanes / together(options)}u; at++) {
    total += narrow[at * ${fours(rows)}u + row / 4u][row % 4u];
  }
  return total;
}

/** Over the parts: four columns of a row. */
fn sumOf(row: u32, quad: u32) -> vec4f {
  var sum = vec4f(0.0);
  for (var part = 0u; part < PARTS; part++) {
    sum += wide[row * LANES + part * QUADS + quad];
  }
  return sum;
}`;
}

/**
 * The queries into the workgroup's memory, and the barrier behind them; they are in units of ln 2, since exp2 is
 * what devices have. `start` and `position` are WGSL by `row`: of its head in `qkv`, and where it stands.
 */
export function rowsPlaced(options: RowsOptions, start: string, position: string): string {
  const { shape, lanes, rows } = options;
  const shared = Math.floor(lanes / rows);
  return `
  if (lane < ${shared * rows}u) {
    let row = lane / ${shared}u;
    let start = ${start};
    let position = ${position};
    let factor = ${shape.headNorm === undefined ? '1.0' : 'headFactor(start)'};
    for (var quad = lane % ${shared}u; quad < QUADS; quad += ${shared}u) {
      let columns = placed(start, quad, factor, position, 0u);
      queries[row * QUADS + quad] = columns * ${Math.LOG2E / Math.sqrt(shape.headSize)};
    }
  }
  workgroupBarrier();`;
}

/** All positions from `first` to `end`, for the cache's `head`; then `totalOf` and `sumOf` hold, and `most0`… */
export function rowsAttended(options: RowsOptions): string {
  const { rows } = options;
  return `
${each(fours(rows), (four) => `  var most${four} = vec4f(${HIDDEN}); var total${four} = vec4f(0.0);`)}
${each(rows, (row) => `  var sum${row} = vec4f(0.0);`)}
  for (var step = first; step < end; step += ${4 * options.lanes}u) {
${scores(options)}
${maxima(options)}
${weights(options)}
${values(options)}
  }
${folded(options)}`;
}

function scores({ shape, rows, seen }: RowsOptions): string {
  const four = [0, 1, 2, 3];
  const scaled = shape.cache === 'q8';
  return `
    let place = step + 4u * lane;
    let places = vec4u(place) + vec4u(0u, 1u, 2u, 3u);
${each(rows, (row) => `    var score${row} = vec4f(0.0);`)}
${scaled ? '    var valueScales = vec4f(0.0);' : ''}
    if (place < end) {
      let at = keyAt(head, place);
      for (var quad = 0u; quad < QUADS; quad++) {
${each(4, (n) => `        let key${n} = unpacked(keys[at + quad * KEY_BLOCK + ${n}u]);`)}
${each(
  rows,
  (row) => `        { let query = queries[${row}u * QUADS + quad];
          score${row} += vec4f(${four.map((n) => `dot(query, key${n})`).join(', ')}); }`,
)}
      }
${
  scaled
    ? `      let scalesAt = at + QUADS * KEY_BLOCK;
${each(4, (n) => `      let scales${n} = keys[scalesAt + ${n}u];`)}
      let keyScales = vec4f(${four.map((n) => `keyScale(scales${n})`).join(', ')});
      valueScales = vec4f(${four.map((n) => `valueScale(scales${n})`).join(', ')});
      valueScales = select(vec4f(0.0), valueScales, places < vec4u(end));
${each(rows, (row) => `      score${row} *= keyScales;`)}`
    : ''
}
    }
${each(
  rows,
  (row) => `    score${row} = select(vec4f(${HIDDEN}), score${row}, places < vec4u(${seen(row)}));`,
)}`;
}

/** The running maxima, known to all lanes. */
function maxima(options: RowsOptions): string {
  const { lanes, rows } = options;
  const shared = together(options);
  const vectors = fours(rows);
  const greatest = (row: number) =>
    row < rows
      ? `max(max(score${row}.x, score${row}.y), max(score${row}.z, score${row}.w))`
      : HIDDEN;
  const turns = Array.from({ length: Math.log2(shared) }, (_, bit) => 2 ** bit);
  return each(
    vectors,
    (four) => `
    var top${four} = vec4f(${[0, 1, 2, 3].map((n) => greatest(4 * four + n)).join(', ')});
${turns.map((by) => `    top${four} = max(top${four}, subgroupShuffleXor(top${four}, ${by}u));`).join('\n')}
    if (lane % ${shared}u == 0u) { narrow[lane / ${shared}u * ${vectors}u + ${four}u] = top${four}; }`,
  ).concat(`
    workgroupBarrier();
    for (var at = 0u; at < ${lanes / shared}u; at++) {
${each(vectors, (four) => `      top${four} = max(top${four}, narrow[at * ${vectors}u + ${four}u]);`)}
    }
${each(
  vectors,
  (four) => `    top${four} = max(top${four}, most${four});
    let fade${four} = exp2(most${four} - top${four});
    most${four} = top${four};
    total${four} *= fade${four};`,
)}`);
}

function weights({ shape, rows }: RowsOptions): string {
  const kept = shape.cache === 'q8' ? ' * valueScales' : '';
  return each(rows, (row) => {
    const [four, column] = [Math.floor(row / 4), COLUMNS[row % 4]!];
    return `    { let weight = exp2(score${row} - vec4f(most${four}.${column}));
      total${four}.${column} += dot(weight, vec4f(1.0));
      wide[${row}u * LANES + lane] = weight${kept};
      sum${row} *= fade${four}.${column}; }`;
  });
}

function values({ rows }: RowsOptions): string {
  return `
    workgroupBarrier();
    if (lane < PARTS * QUADS) {
      let quads = (min(end - step, 4u * LANES) + 3u) / 4u;
      for (var four = lane / QUADS; four < quads; four += PARTS) {
        let at = valueAt(head, 0u) + lane % QUADS;
        let place = step + 4u * four;
        // What nothing has written yet may be no number, which no weight of 0 would hide.
${each(4, (n) => `        let value${n} = unpacked(values[at + min(place + ${n}u, end - 1u) * QUADS]);`)}
${each(
  rows,
  (row) => `        { let weight = wide[${row}u * LANES + four];
          sum${row} += ${COLUMNS.map((column, n) => `weight.${column} * value${n}`).join(' + ')}; }`,
)}
      }
    }`;
}

/** The lanes' sums into the workgroup's memory. */
function folded(options: RowsOptions): string {
  const shared = together(options);
  const turns = Array.from({ length: Math.log2(shared) }, (_, bit) => 2 ** bit);
  const vectors = fours(options.rows);
  return `
${each(
  vectors,
  (
    four,
  ) => `${turns.map((by) => `  total${four} += subgroupShuffleXor(total${four}, ${by}u);`).join('\n')}
  if (lane % ${shared}u == 0u) { narrow[lane / ${shared}u * ${vectors}u + ${four}u] = total${four}; }`,
)}
  workgroupBarrier();
${each(options.rows, (row) => `  wide[${row}u * LANES + lane] = sum${row};`)}
  workgroupBarrier();`;
}

/** WGSL of a row's maximum. */
export function mostOf(row: number): string {
  return `most${Math.floor(row / 4)}.${COLUMNS[row % 4]!}`;
}
