/** Quantized rows times several tokens, by tiles in workgroup memory: each weight is read and unpacked once a tile. */
import type { KernelFeatures } from '../kernel';
import { matmulShell } from './matmul-shell';
import { SUFFIXES, type MatmulKernel, type Product } from './product';
import { upTo, type Rows } from './shader';
import { F16_TILES, F32_TILES, PITCH, type Tile } from './tile-numbers';
import type { MatmulVariant } from './variants';

/** Lanes of a workgroup lie 8 wide over the rows, the rest over the tokens. */
const WIDE = 8;

/** A workgroup has 8 · `rows` rows of each matrix times `workgroup` / 8 · `tokens` tokens, a unit of columns a step. */
export function tilesMatmul(
  product: Product,
  features: KernelFeatures,
  variant: MatmulVariant,
): MatmulKernel {
  const { workgroup, rows, tokens } = variant;
  return matmulShell(product, features, variant, {
    ...{ wide: WIDE * rows, deep: (workgroup / WIDE) * tokens },
    functions: [numbersOf(variant).functions],
    rowsOf,
  });
}

function numbersOf({ kind }: MatmulVariant) {
  return kind === 'f16 tiles' ? F16_TILES : F32_TILES;
}

function rowsOf(
  { columns, segments }: Product,
  variant: MatmulVariant,
  which: readonly number[],
  firstRow: number,
): Rows {
  const { workgroup, rows, tokens } = variant;
  const numbers = numbersOf(variant);
  const count = segments[which[0]!]!.rows;
  const high = workgroup / WIDE;
  const [tileRows, tileTokens] = [WIDE * rows, high * tokens];
  const tile: Tile = { columns, workgroup, rows: tileRows, tokens: tileTokens };
  const fills = which.map(
    (n, m) => `for (var i = local; i < ${tileRows * 4}u; i += ${workgroup}u) {
      let row = min(first + i / 4u, ${count - 1}u);
      let k = i % 4u;
      let at = row * ${columns / 32}u + unit;
      let scale = unitScale${SUFFIXES[n]!}(at);
      let both = quarter${SUFFIXES[n]!}(at, k, scale);
      ${numbers.keep(m, segments[n]!.type)}
      weights${m}[i / 4u * ${PITCH}u + k] = low;
      weights${m}[i / 4u * ${PITCH}u + k + 4u] = high;
    }`,
  );
  const all = which.flatMap((_, m) => upTo(rows).map((r) => ({ m, r })));
  const loads = all.map(
    ({ m, r }) => `let weight${m}_${r} = weights${m}[(wide + ${r * WIDE}u) * ${PITCH}u + k];`,
  );
  const products = upTo(tokens).map((t) => {
    const sums = all.map(({ m, r }) => numbers.multiply(`${m}_${r}_${t}`, `weight${m}_${r}`));
    return `{
          let value = values[(high + ${t * high}u) * ${PITCH}u + k];
          ${sums.join('\n          ')}
        }`;
  });
  const puts = upTo(tokens).map((t) => {
    const each = upTo(rows).map((r) => {
      const sums = which.map((_, m) => `sum${m}_${r}_${t}`).join(', ');
      return `if (first + wide + ${r * WIDE}u < ${count}u) {
      put(token + high + ${t * high}u, ${firstRow}u + first + wide + ${r * WIDE}u, ${sums});
    }`;
    });
    return `if (token + high + ${t * high}u < state.tokens) {
    ${each.join('\n    ')}
  }`;
  });
  const cells = all.flatMap(({ m, r }) => upTo(tokens).map((t) => ({ m, r, t })));
  const sums = cells.map(({ m, r, t }) => `var sum${m}_${r}_${t} = 0.0;`);
  const begins = cells.flatMap(({ m, r, t }) => numbers.begin(`${m}_${r}_${t}`));
  const ends = cells.flatMap(({ m, r, t }) =>
    numbers.end(`${m}_${r}_${t}`, m, `wide + ${r * WIDE}u`, `high + ${t * high}u`),
  );
  const code = `fn rows${SUFFIXES[which[0]!]}(place: u32, local: u32, token: u32) {
  let wide = local % ${WIDE}u;
  let high = local / ${WIDE}u;
  let first = place * ${tileRows}u;
  ${sums.join('\n  ')}
  for (var unit = 0u; unit < ${columns / 32}u; unit++) {
    ${numbers.fillValues(tile)}
    ${fills.join('\n    ')}
    workgroupBarrier();
    if (token + high < state.tokens) {
      ${begins.join('\n      ')}
      for (var k = 0u; k < 8u; k++) {
        ${loads.join('\n        ')}
        ${products.join('\n        ')}
      }
      ${ends.join('\n      ')}
    }
    workgroupBarrier();
  }
  ${puts.join('\n  ')}
}`;
  const memory = [
    `var<workgroup> values: array<${numbers.type}, ${tileTokens * PITCH}>;`,
    ...which.map(
      (_, m) => `var<workgroup> weights${m}: array<${numbers.type}, ${tileRows * PITCH}>;`,
    ),
    ...numbers.memory(tile, which.length),
  ];
  return { memory, code };
}
